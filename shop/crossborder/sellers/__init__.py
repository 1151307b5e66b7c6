"""Sellers of record and their registrations."""
