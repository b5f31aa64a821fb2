"""Cleaning: what sources write becomes the HTML and plain text that may be stored and shown."""
