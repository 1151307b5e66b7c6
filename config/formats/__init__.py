"""How dates are written in the admin and in pages that leave it to Django."""
