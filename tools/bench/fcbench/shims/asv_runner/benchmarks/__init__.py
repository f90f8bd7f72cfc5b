"""See `mark`."""
