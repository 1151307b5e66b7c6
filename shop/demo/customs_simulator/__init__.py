"""A simulator of China's E-port and customs as a merchant of cross-border e-commerce meets them.

It plays somebody else's service, so it shares no code with the shop: it checks messages against a schema and rules of
its own, keeps its own books in one SQLite file, and answers after a while, in a queue. Customs compares the three
documents when the inventory list (CEB621) comes; here it does so when the third one is in. Entry point:
`app.create_app`.
"""
