"""The clock: slots, what is due, and running all of it in one process."""
