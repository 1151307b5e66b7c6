"""Marketplace adapters: neutral types and errors, and one package per platform. Nothing here knows Django."""
