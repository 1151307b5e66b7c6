"""Filling the demo museum: idempotent, and never over what a person has changed since."""
