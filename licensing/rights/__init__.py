"""Parties, properties, agreements, grants, and the one question: may this be sold?"""
