"""Museums, objects, products, variants and their texts."""
