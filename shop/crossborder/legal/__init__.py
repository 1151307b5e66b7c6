"""Legal pages of the shop: their text, and the versions in force."""
