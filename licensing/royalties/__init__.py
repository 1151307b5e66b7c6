"""Royalty terms frozen at the sale, the arithmetic, and the append-only ledger."""
