"""Bihuan: the service-quality loops of a power utility."""
