"""What shoppers are owed by the law of the place: withdrawal, product safety, the legal guarantee. No statements."""
