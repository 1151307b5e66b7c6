"""Stripe: sessions, event inbox, refunds."""
