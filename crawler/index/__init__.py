"""SQLite: the only home of SQL on index.db."""
