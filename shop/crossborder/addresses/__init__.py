"""Postal addresses of every country: fields, checks and lines. Pure, on libaddressinput's and libphonenumber's data."""
