"""The domain: frozen data and the words of the house. No I/O, no clock, no globals."""
