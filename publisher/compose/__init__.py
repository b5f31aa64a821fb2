"""Composing: when an edition is due, what goes into it, and how it is written down."""
