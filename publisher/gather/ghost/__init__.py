"""The kind `ghost`: a site by its Content API."""
