"""What docs/howto/add-a-promise.md shows works as it says."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bihuan.kernel.limit import due, explain
from bihuan.packs.queries import calendar
from bihuan.packs.rules import Sheet, calendar_from, pack_from

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/howto/add-a-promise.md").read_text(encoding="utf-8")
MOMENTS = {"repair": frozenset({"accepted", "arrived"})}


def examples() -> tuple[dict[str, Any], dict[str, Any]]:
    """The pack and the local calendar that the page shows."""
    pack, local = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    return tomllib.loads(pack), tomllib.loads(local)


def test_the_pack_gives_the_due_moment_and_the_lines_shown() -> None:
    pack = pack_from([Sheet("my-town/pack.toml", examples()[0])], code="my-town", moments=MOMENTS)
    limit = pack.promises[0].limit_for(area="urban")
    assert limit is not None
    start = datetime(2026, 3, 1, 23, 50, tzinfo=calendar().zone)

    end = due(start=start, limit=limit, calendar=calendar())
    lines = explain(start=start, limit=limit, calendar=calendar())

    assert f"\n{end.shown(calendar().zone)}\n" in PAGE
    assert "\n".join(line.en for line in lines) in PAGE


def test_the_local_calendar_is_read_on_top() -> None:
    base = tomllib.loads((ROOT / "packs/calendars/cn.toml").read_text(encoding="utf-8"))

    days = calendar_from([Sheet("cn.toml", base), Sheet("cn.local.toml", examples()[1])], code="cn")

    assert [days.why(date(2027, 1, day)) for day in (1, 2, 9)] == ["holiday", "weekend", "make_up"]
    assert days.published(date(2027, 6, 1))
