"""What docs/howto/add-a-promise.md shows works as it says."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

from bihuan.kernel.limit import SUSPENSIONS, LimitUnit, due, explain
from bihuan.kernel.promise import AREAS, CUSTOMER_CLASSES, MEASURES, PromiseKind, Warned
from bihuan.packs.queries import calendar
from bihuan.packs.rules import Sheet, calendar_from, pack_from

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/howto/add-a-promise.md").read_text(encoding="utf-8")
MOMENTS = {"repair": frozenset({"accepted", "arrived"})}


def examples() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The pack, the promise with everything, and the local calendar that the page shows."""
    pack, full, local = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    return tomllib.loads(pack), tomllib.loads(full), tomllib.loads(local)


def test_the_pack_gives_the_due_moment_and_the_lines_shown() -> None:
    pack = pack_from([Sheet("my-town/pack.toml", examples()[0])], code="my-town", moments=MOMENTS)
    limit = pack.promises[0].limit_for(area="urban")
    assert limit is not None
    start = datetime(2026, 3, 1, 23, 50, tzinfo=calendar().zone)

    end = due(start=start, limit=limit, calendar=calendar())
    lines = explain(start=start, limit=limit, calendar=calendar())

    assert f"\n{end.shown(calendar().zone)}\n" in PAGE
    assert "\n".join(line.en for line in lines) in PAGE


def test_the_promise_with_everything_is_read() -> None:
    sheets = [Sheet("my-town/pack.toml", examples()[0]), Sheet("my-town/more.toml", examples()[1])]

    fuse = pack_from(sheets, code="my-town", moments=MOMENTS, kinds={"repair": frozenset({"lv"})}).promises[1]

    saturday = datetime(2026, 3, 7, 8, tzinfo=calendar().zone)
    limit = fuse.limit_for()
    assert limit is not None
    end = due(start=saturday, limit=limit, calendar=calendar())
    assert end.shown(calendar().zone) == "2026-03-07T13:00:00+08:00"
    assert len(fuse.warnings) == len(fuse.compensation) == len(fuse.suspensions) == 2


def test_the_page_names_every_reason_key_unit_and_day_that_there_is() -> None:
    words = {
        *SUSPENSIONS,
        *LimitUnit,
        *AREAS,
        *CUSTOMER_CLASSES,
        *MEASURES,
        *get_args(PromiseKind),
        *get_args(Warned),
    }

    assert {word for word in words if f"`{word}`" not in PAGE} == set()


def test_the_local_calendar_is_read_on_top() -> None:
    base = tomllib.loads((ROOT / "packs/calendars/cn.toml").read_text(encoding="utf-8"))

    days = calendar_from([Sheet("cn.toml", base), Sheet("cn.local.toml", examples()[2])], code="cn")

    assert [days.why(date(2027, 1, day)) for day in (1, 2, 9)] == ["holiday", "weekend", "make_up"]
    assert days.published(date(2027, 6, 1))
