"""A faulty pack stops the start with a sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.test import override_settings

from bihuan.packs import queries as packs
from bihuan.packs.apps import packs_are_sound


def test_the_packs_of_the_house_are_sound() -> None:
    assert packs_are_sound() == []


def test_a_pack_that_is_not_there_is_told() -> None:
    with override_settings(BIHUAN_PACKS=["gondor"]):
        (message,) = packs_are_sound()

    assert message.id == "packs.E001"
    assert "'gondor'" in message.msg


def test_days_that_end_at_different_moments_are_told() -> None:
    with override_settings(BIHUAN_PACKS=["gb-2015"]):
        (message,) = packs_are_sound()

    assert message.id == "packs.E003"
    assert "Europe/London" in message.msg
    assert "Asia/Shanghai" in message.msg
    assert message.hint == "Set BIHUAN_TIME_ZONE=Europe/London, or adopt other packs."


def test_another_zone_is_no_fault_where_the_house_keeps_it_too() -> None:
    with override_settings(BIHUAN_PACKS=["gb-2015"], TIME_ZONE="Europe/London"):
        assert packs_are_sound() == []


def test_without_packs_days_are_those_of_the_house() -> None:
    with override_settings(BIHUAN_PACKS=[], TIME_ZONE="America/New_York"):
        assert packs_are_sound() == []
        assert packs.calendar().zone.key == "America/New_York"
        assert not packs.calendar().is_working_day(date(2022, 1, 1))  # a Saturday
        assert not packs.calendar().published(date(2022, 1, 3))


def test_a_file_that_is_no_toml_is_told(tmp_path: Path) -> None:
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "pack.toml").write_text("[pack\n", encoding="utf-8")

    with override_settings(BIHUAN_PACKS_DIR=tmp_path, BIHUAN_PACKS=["town"]):
        (message,) = packs_are_sound()

    assert message.msg.startswith("town/pack.toml: expected TOML in UTF-8 (")
