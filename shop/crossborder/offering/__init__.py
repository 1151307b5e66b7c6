"""What is offered in each market, kept up to date: shown, priced, licensed, and how much is left."""
