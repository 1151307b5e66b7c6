"""What the shop tells a bank about a disputed payment: facts from the books, as texts and as one PDF."""
