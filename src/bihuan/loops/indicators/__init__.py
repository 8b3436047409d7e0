"""Indicators, one file a chapter; `catalogue.py` lists them all."""
