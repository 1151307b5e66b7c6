"""Withdrawal, returns and exchange: what shoppers send back, and the money that follows."""
