"""WARC, index and frontier of one folder, in durability order."""
