"""Gathers the admin of the rooms."""
