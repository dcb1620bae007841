"""WHO: one module per publisher, data only."""
