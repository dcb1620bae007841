"""One value, its one canonical form: f(f(x)) == f(x)."""
