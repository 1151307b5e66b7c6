"""A simulator of the Taobao Open Platform gateway as a Tmall flagship store meets it.

It plays another company's service, so it shares no code with the shop: it checks signatures, windows and arguments
with its own rules and keeps its own books (items, SKUs, trades) in one SQLite file. Entry point: `app.create_app`;
`store.Store(folder).put_items([...])` fills it before it serves.
"""
