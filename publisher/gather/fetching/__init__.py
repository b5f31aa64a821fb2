"""Fetching: the one guarded client for every address that others name."""
