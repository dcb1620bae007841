"""WHICH: what a person typed → what articles must say. No SQL here."""
