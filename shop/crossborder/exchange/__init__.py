"""Exchange rates: published tables, guarded against jumps and age."""
