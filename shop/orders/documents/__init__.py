"""What an order is documented with: invoice, credit notes, packing slip."""
