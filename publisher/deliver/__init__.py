"""The ledger, batches, mail providers, settling, and what providers report."""
