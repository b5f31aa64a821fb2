"""The kind `wordpress`: a site by its REST API, or by its feed where that is off."""
