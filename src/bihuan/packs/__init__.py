"""Promises and calendars as data: reading, checking and choosing among editions."""
