"""A real web site on 127.0.0.1 whose paths are named by their fault."""
