"""One row changed in a text: it says what was asked, and nothing else moved."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from bihuan.standards.rules import StandardFault, put

TEXT = (Path(settings.BIHUAN_PACKS_DIR) / "taxonomies" / "complaint.toml").read_text(encoding="utf-8")
CODES = [leaf["code"] for leaf in tomllib.loads(TEXT)["leaf"]]
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


def rows(text: str) -> dict[str, Any]:
    return {leaf["code"]: leaf for leaf in tomllib.loads(text)["leaf"]}


@given(st.sampled_from(CODES), ANY_TEXT, ANY_TEXT)
def test_whatever_a_title_becomes_it_is_read_back_and_no_other_leaf_moves(
    code: str, zh: str, en: str
) -> None:
    made = put("some.toml", TEXT, "leaf", {"code": code, "title": {"zh": zh, "en": en}})

    assert rows(made) == rows(TEXT) | {code: rows(TEXT)[code] | {"title": {"zh": zh, "en": en}}}
    assert list(rows(made)) == CODES


def test_putting_the_same_row_again_leaves_every_letter() -> None:
    assert put("some.toml", TEXT, "leaf", {"code": "bill"}) == TEXT


def test_a_new_leaf_stands_behind_the_last_of_its_group() -> None:
    near = rows(TEXT)["meter-test"]
    row = {**near, "code": "meter-remote", "title": {"zh": "远程抄表", "en": "remote reading"}}

    made = list(rows(put("some.toml", TEXT, "leaf", row)))

    assert made[made.index("meter-change") + 1] == "meter-remote"
    assert len(made) == len(CODES) + 1


def test_a_leaf_is_retired_by_a_day_and_comes_back_without_it() -> None:
    retired = put("some.toml", TEXT, "leaf", {"code": "bill", "valid_to": date(2014, 12, 31)})

    assert rows(retired)["bill"]["valid_to"] == date(2014, 12, 31)
    assert put("some.toml", retired, "leaf", {"code": "bill", "valid_to": None}) == TEXT


def test_a_comment_between_rows_stays() -> None:
    text = '# first\n[[leaf]]\ncode = "a"\n\n# about b\n[[leaf]]\ncode = "b"\n'

    for code in "ab":
        assert "\n\n# about b\n[[leaf]]" in put("some.toml", text, "leaf", {"code": code, "n": 1})


def test_a_text_in_which_a_row_cannot_be_told_from_the_rest_is_refused() -> None:
    text = "[[leaf]]\ncode = \"a\"\nnote = '''\n[[leaf]]\ncode = \"b\"\n'''\n"

    with pytest.raises(StandardFault, match="stands alone"):
        put("some.toml", text, "leaf", {"code": "a", "n": 1})
