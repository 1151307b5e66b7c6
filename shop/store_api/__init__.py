"""REST for headless shops."""
