"""The merchandiser's desk: what today asks for, on the first page of the admin."""
