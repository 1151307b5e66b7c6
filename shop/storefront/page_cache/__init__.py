"""Pages that are the same for everybody in a market and language: kept compressed, and served while they are true."""
