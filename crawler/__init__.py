"""ofrecord, the web of record, kept: an archival news crawler."""
