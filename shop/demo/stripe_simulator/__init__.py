"""A simulator of Stripe's API as a shop meets it, with a hosted payment page that a person uses in a browser.

It plays another company's service, so it shares no code with the shop: own parameter checks, own signatures, own books
in one SQLite file. The oracle of its shapes is Stripe's published resource fixtures. Entry point: `app.create_app`.
"""
