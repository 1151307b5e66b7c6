"""Replenishment: suppliers, purchase orders, demand, reorder advice."""
