"""Postal addresses of every country: their fields, checks and lines. Pure, on libaddressinput's and libphonenumber's data."""
