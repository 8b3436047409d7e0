"""Layouts of the weekly report: JSON for machines, a page, a document to print."""
