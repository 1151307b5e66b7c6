"""Marketplaces: listings with desired, sent and acknowledged state, orders pulled in."""
