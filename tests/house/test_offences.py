"""The rules of the house, broken on purpose: each offence is seen."""

from __future__ import annotations

import pytest

from tests.house import offences


@pytest.mark.parametrize(
    "line",
    ["timezone.now()", "datetime.now(UTC)", "date.today()", "now()", "timezone.localdate()", "localtime()"],
)
def test_reading_the_clock_is_seen(line: str) -> None:
    assert offences.clock_readings(f"x = 1\n{line}\n") == [2]


def test_turning_a_given_moment_into_a_zone_is_no_offence() -> None:
    assert offences.clock_readings("timezone.localtime(at)\ntimezone.localdate(at, zone)\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "case.save()",
        "Case.objects.create(number='1')",
        "Case.objects.filter(pk=1).update(state='x')",
        "case.notes.all().delete()",
        "Case.objects.bulk_create(rows)",
        "cursor.execute('DELETE FROM cases_case')",
    ],
)
def test_a_write_is_seen(line: str) -> None:
    assert offences.database_writes(line) == [1]


def test_a_dictionary_may_be_updated() -> None:
    assert offences.database_writes("context.update(case=case)") == []


def test_a_signal_is_seen() -> None:
    assert offences.signal_imports("from django.dispatch import receiver") == [1]
    assert offences.signal_imports("from django.db.models.signals import post_save") == [1]


def test_a_file_without_an_opening_sentence_is_seen() -> None:
    assert offences.lacks_opening_sentence("import os\n")
    assert not offences.lacks_opening_sentence('"""Says what lives here."""\nimport os\n')
    assert not offences.lacks_opening_sentence("")
