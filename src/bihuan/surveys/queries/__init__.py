"""Reads of the callbacks: what they go by, who is next, what is owed, what differs, how it was scored."""

from bihuan.surveys.queries.book import asked_on, book, duty_for, editions, sample_key
from bihuan.surveys.queries.checking import differences
from bihuan.surveys.queries.line import (
    Line,
    answers_of,
    attempts_made,
    claims_of,
    claims_told,
    day,
    line,
    tried,
    tries_of,
)

__all__ = [
    "Line",
    "answers_of",
    "asked_on",
    "attempts_made",
    "book",
    "claims_of",
    "claims_told",
    "day",
    "differences",
    "duty_for",
    "editions",
    "line",
    "sample_key",
    "tried",
    "tries_of",
]
