"""The newsletter and syndication publisher for newsrooms."""
