"""What was intended, done and seen: an append-only chain of rows, their vault, and the fold."""
