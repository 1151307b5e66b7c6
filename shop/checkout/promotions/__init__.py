"""Promotion codes: what they take off, where and how often they hold."""
