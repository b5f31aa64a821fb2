"""The command line: each command parses, calls the same functions as the web and the clock, and prints."""
