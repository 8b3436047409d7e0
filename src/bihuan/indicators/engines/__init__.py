"""Engines: each makes the same declarations into its own database's language."""
