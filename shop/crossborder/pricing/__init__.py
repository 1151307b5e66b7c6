"""Prices per market: points, derivation, quantity breaks, reductions and their history."""
