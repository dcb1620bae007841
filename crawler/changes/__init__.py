"""SO WHAT: what changed between two articles, and what became of one."""
