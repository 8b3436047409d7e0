"""How well, and how fast, the nearest typical cases are proposed for sentences that were held out."""

from __future__ import annotations

import time
from datetime import date

from bihuan.standards import queries
from tests.bench.figure import Figure

TODAY = date(2007, 6, 5)


def measure() -> list[Figure]:
    """Right first and right among three, of a hundred; and milliseconds a sentence, beside choosing without looking."""
    held_out = queries.said("said-held-out.tsv")
    queries.nearest("停电", TODAY)
    began = time.perf_counter()
    found = [[case.code for case, _ in queries.nearest(sentence, TODAY)] for _, sentence in held_out]
    spent = time.perf_counter() - began
    first = sum(near[0] == code for near, (code, _) in zip(found, held_out, strict=True))
    among = sum(code in near for near, (code, _) in zip(found, held_out, strict=True))
    cases = len(queries.case_book(TODAY).cases)
    return [
        Figure("propose: right case first", 100 * first / len(held_out), "%", 100 / cases, "by chance"),
        Figure("propose: right case among three", 100 * among / len(held_out), "%", 300 / cases, "by chance"),
        Figure("propose: time a sentence", 1000 * spent / len(held_out), "ms", 5, "aim: at most"),
    ]
