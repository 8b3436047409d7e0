"""Pages for the staff of the utility."""
