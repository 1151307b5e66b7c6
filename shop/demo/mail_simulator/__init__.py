"""The demo's mail server and the mailbox in which everybody's letters can be read. Nothing leaves this machine."""
