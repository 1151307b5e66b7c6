"""How goods travel: parcels, tariffs, days, and what a method refuses."""
