"""Whatever a cell holds, a row is either taken or told what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from bihuan.bridges.eventlog.drafts import drafts
from bihuan.bridges.eventlog.map import EventMap, read_map
from bihuan.kernel.fact import parse_moment
from tests.bridges.test_eventlog import HAPPENED, LOG, REQUESTS


def _read(text: str) -> EventMap:
    with TemporaryDirectory() as folder:
        (Path(folder) / "map.toml").write_text(text, encoding="utf-8")
        return read_map(Path(folder) / "map.toml", zone="Asia/Shanghai")


BY_CASE, BY_STEP = _read(REQUESTS), _read(LOG)
SEEN = ["", "1", "R", "C", "YJP", "city", "yes", "01.07.2024 10:00", "02.07.2024 11:00", *sum(HAPPENED, ())]
CELL = st.sampled_from(SEEN) | st.text(max_size=70)


@given(st.sampled_from([BY_CASE, BY_STEP]), st.data())
def test_every_row_is_taken_or_told(means: EventMap, data: st.DataObject) -> None:
    row = st.fixed_dictionaries(dict.fromkeys(means.columns(), CELL))
    rows = list(enumerate(data.draw(st.lists(row, min_size=1, max_size=6)), start=2))

    found = drafts(rows, means, {"YJP"})

    taken = {step.row for draft in found.drafts for step in draft.steps}
    told = {fault.row for fault in found.faults}
    spoiled = {number for number, row in rows if f"{means.prefix}{row[means.number]}" in found.faulty}
    assert {number for number, _ in rows} == taken | told | spoiled
    assert not taken & told


@given(st.sampled_from([BY_CASE, BY_STEP]), st.data())
def test_what_is_taken_is_plain(means: EventMap, data: st.DataObject) -> None:
    row = st.fixed_dictionaries(dict.fromkeys(means.columns(), CELL))
    rows = list(enumerate(data.draw(st.lists(row, min_size=1, max_size=6)), start=2))

    for draft in drafts(rows, means, {"YJP"}).drafts:
        assert len(draft.number) <= 40
        for step in draft.steps:
            assert step.at.utcoffset() is not None
            texts = [step.actor, *step.notes.values(), *(str(value) for value in step.facts.values())]
            assert "\0" not in "".join(texts)
            if "source_due" in step.facts:
                parse_moment(str(step.facts["source_due"]))
