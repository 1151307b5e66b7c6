"""The doors of the shop: parse, call, render."""
