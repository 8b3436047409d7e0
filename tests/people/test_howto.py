"""docs/howto/import-your-data.md shows tables that import, and names the columns, posts and words that there are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bihuan.bridges.tables.client import read
from bihuan.kernel.table import Column
from bihuan.people.actions import import_staff, import_units
from bihuan.people.actions.tables import STAFF_COLUMNS, UNIT_COLUMNS
from bihuan.people.models import Post
from bihuan.supply.actions import COLUMNS, import_premises

HOWTO = (Path(__file__).parents[2] / "docs/howto/import-your-data.md").read_text("utf-8")
EXAMPLES = re.findall(r"```csv\n(.*?)```", HOWTO, flags=re.DOTALL)
AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.django_db
def test_the_examples_import_one_after_the_other(tmp_path: Path) -> None:
    tables = []
    for number, text in enumerate(EXAMPLES[:3]):
        (tmp_path / f"{number}.csv").write_text(text, encoding="utf-8")
        tables.append(read(tmp_path / f"{number}.csv"))
    units, staff, premises = tables

    done = [
        import_units(rows=units),
        import_staff(rows=staff, at=AT, zone=UTC),
        import_premises(rows=premises),
    ]

    assert [(one.written, one.faults, one.ignored) for one in done] == [(4, (), ()), (5, (), ()), (3, (), ())]


@pytest.mark.parametrize(
    ("title", "columns"), [("Units", UNIT_COLUMNS), ("Staff", STAFF_COLUMNS), ("Premises", COLUMNS)]
)
def test_every_column_is_named_with_its_words(title: str, columns: Sequence[Column]) -> None:
    chapter = HOWTO.split(f"\n## {title}")[1].split("\n## ")[0]
    for column in columns:
        line = next(
            line for line in chapter.splitlines() if line.startswith("|") and f"`{column.code}`" in line
        )
        assert all(name in line for name in column.names if not name.isascii())
        assert all(f"`{code}`" in line for code in column.choices or ())


@pytest.mark.django_db
def test_every_post_is_named() -> None:
    for post in Post.objects.order_by("code"):
        assert f"`{post.code}` {post.name_zh}" in HOWTO
