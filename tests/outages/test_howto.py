"""The how-to's own tables can be brought in as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bihuan.bridges.tables.client import read
from bihuan.outages import actions
from bihuan.people import actions as people
from tests.cast import CHONGQING, gather, moment

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "outages-and-voltage.md"
TABLES = re.findall(r"```csv\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.django_db
def test_the_tables_of_the_how_to_are_taken(tmp_path: Path) -> None:
    cast = gather()
    people.create_unit(
        code="DC",
        name_zh="东城供电局",
        name_en="Dongcheng",
        kind="bureau",
        wing="execution",
        parent=cast.company,
    )
    written = []
    doors = (actions.import_users, actions.import_outages, actions.import_voltage)
    for number, (table, door) in enumerate(zip(TABLES, doors, strict=True)):
        file = tmp_path / f"{number}.csv"
        file.write_text(table, encoding="utf-8")
        done = door(rows=read(file), by=cast.editor.actor, at=moment("2007-07-02 09:00"), zone=CHONGQING)
        assert done.faults == ()
        written.append(done.written)

    assert written == [2, 3, 2]
