"""The audience: readers in and out, the keys that protect them, the tokens in their links."""
