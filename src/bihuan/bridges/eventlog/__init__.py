"""Somebody else's history: cases from another system's export."""
