"""Eighteen points in six stages, each with its figures or said not to be counted yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from bihuan.indicators.queries import perception as perception_queries
from bihuan.indicators.queries.perception import PerceptionFault, perception, points
from bihuan.indicators.rules import week
from tests.cast import CHONGQING, gather, moment


def test_there_are_eighteen_points_in_six_stages_with_words_in_both_languages() -> None:
    told = points()

    assert (len(told), len({point.stage for point in told})) == (18, 6)
    assert len({point.code for point in told}) == 18
    assert all(point.title.zh and point.title.en for point in told)


@pytest.mark.django_db
def test_a_point_shows_its_figures_and_whether_the_target_is_met() -> None:
    cast = gather()
    case = cast.opens("repair")
    cast.later(minutes=55)
    cast.restores(case)

    stages = perception(period=week("2007-W23", CHONGQING), at=moment("2007-06-11 08:00"))

    felt = {one.point.code: one for _, group in stages for one in group}
    arrived = felt["repair-arrive"]
    assert (arrived.met, arrived.figures[0].numerator, arrived.figures[0].denominator) == (False, 0, 1)
    assert felt["connect-scheme"].figures == ()
    assert felt["connect-scheme"].met is None


def test_a_code_that_the_catalogue_does_not_have_is_named(tmp_path: Path) -> None:
    file = tmp_path / "perception.toml"
    file.write_text(
        "[[point]]\ncode='x'\nstage={code='s',zh='甲',en='a'}\ntitle={zh='乙',en='b'}\nindicators=['no.such']\n",
        encoding="utf-8",
    )

    with pytest.raises(PerceptionFault, match=r"no\.such"):
        perception_queries._points(file)
