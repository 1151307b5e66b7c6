"""Basket, quote, and placing an order."""
