"""A shopper's account: addresses, wishlist, preferences, earlier orders, and her rights over her data."""
