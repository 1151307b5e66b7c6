"""REST for licensing partners: key authentication, tenancy, read doors."""
