"""Markets, prices, dated tax rows and the quote."""
