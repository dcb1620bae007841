"""ISO 28500: the only home of warcio."""
