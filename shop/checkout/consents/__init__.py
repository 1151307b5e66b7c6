"""What a shopper agrees to at checkout: texts with versions, asked where a law wants them, kept with the order."""
