"""Measurements: what `make bench` runs. Ratios within one run; absolute numbers depend on the machine."""
