"""HOW: what the index says of articles, as others read it: lines, feeds, documents. Values in, text out."""
