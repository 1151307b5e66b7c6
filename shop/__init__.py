"""The sale: catalogue, prices, checkout, payments, orders, channels, pages and APIs."""
