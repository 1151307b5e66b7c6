"""The pages of returns and withdrawals."""

from shop.returns.admin import places, requests, statements, unexpected

__all__ = ["places", "requests", "statements", "unexpected"]
