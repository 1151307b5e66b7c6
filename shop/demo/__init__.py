"""The demo museum: seed data, artwork, simulators of Stripe and the marketplaces."""
