"""Export and erasure of what is kept about a person."""
