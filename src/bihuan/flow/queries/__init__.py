"""Reads of the door: what a step needs, what is watched for, and the recomputing of everything."""

from bihuan.flow.queries.reading import Kept, Place, owed_supervision, places, sealed_until, told_of
from bihuan.flow.queries.verify import Checked, Difference, verify

__all__ = [
    "Checked",
    "Difference",
    "Kept",
    "Place",
    "owed_supervision",
    "places",
    "sealed_until",
    "told_of",
    "verify",
]
