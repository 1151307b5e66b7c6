"""Reading a museum's own published file into the catalogue, of any size, as often as wanted."""
