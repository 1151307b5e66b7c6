"""What the pages read, each with a fixed number of SQL statements."""
