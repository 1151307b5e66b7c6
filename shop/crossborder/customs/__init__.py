"""Customs papers: one checked declaration, from which every paper and data file is made. No database, no clock."""
