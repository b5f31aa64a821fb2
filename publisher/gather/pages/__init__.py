"""Pages: what the page of an article says of it."""
