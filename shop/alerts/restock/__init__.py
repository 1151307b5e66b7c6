"""“Tell me when it is back”: asked, confirmed by mail, told once, in the order of asking."""
