"""Who people and firms are to customs: numbers, and the sealed identities of buyers."""
