"""Gathering: what the newsroom published, fetched politely and cleaned on the way in."""
