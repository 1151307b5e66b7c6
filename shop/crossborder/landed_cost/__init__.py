"""What a purchase costs at the shopper's door: goods, delivery, duty, tax and fees, each with the rule behind it."""
