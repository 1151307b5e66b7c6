"""What there is, where, and who has a claim on it."""
