"""The order's life."""
