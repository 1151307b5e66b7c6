"""The catalogue as spreadsheets: taken away, changed, checked without writing, and brought back whole or not at all."""
