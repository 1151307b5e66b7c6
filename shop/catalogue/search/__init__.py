"""Search on plain PostgreSQL: words folded and cut by us, kept as ``tsvector``, found again in any script."""
