"""What may be sold, where, by whom, and who is owed what."""
