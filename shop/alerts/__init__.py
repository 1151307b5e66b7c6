"""What the shop writes to people: mails in a table, rendered in their language, sent by the queue ``mail``."""
