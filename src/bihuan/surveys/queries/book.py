"""What callbacks go by: the folder `callbacks` beside the packs, read once, and the questionnaires edited since."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from bihuan.loops.catalogue import LOOPS
from bihuan.packs import queries as packs
from bihuan.surveys.models import Edition, SampleKey
from bihuan.surveys.rules.duties import Duty, duty_on
from bihuan.surveys.rules.loading import Book, book_from, questionnaire_from
from bihuan.surveys.rules.questions import Questionnaire, in_force
from bihuan.surveys.rules.sheet import CallbackFault, Sheet

LOOPS_BY_CODE = {loop.code: loop for loop in LOOPS}


def book() -> Book:
    """Duties, questionnaires, comparisons and scorecards as they lie in the folder; raises `CallbackFault`."""
    return _book(Path(settings.BIHUAN_PACKS_DIR) / "callbacks")


def duty_for(loop: str, at: datetime) -> Duty:
    """The duty towards a customer whose matter was done at this moment; before every duty's time, the first for the kind.

    Raises KeyError for a kind without duties (a sound book has one for every kind that can be called back).
    """
    duties = book().duties
    found = duty_on(duties, loop, at.astimezone(packs.calendar().zone).date())
    if found is None:
        found = next((duty for duty in duties if loop in duty.loops), None)
    if found is None:
        raise KeyError(loop)
    return found


def editions(loop: str) -> list[Questionnaire]:
    """Every version of what is asked about a kind, newest first; the one beside the packs last."""
    edited = [questionnaire(row) for row in Edition.objects.filter(loop=loop).order_by("-version")]
    return edited + [one for one in book().questionnaires if loop in one.loops]


def asked_on(loop: str, day: date) -> Questionnaire | None:
    """What is asked about a kind on a day of the utility's calendar."""
    begun = Edition.objects.filter(loop=loop, valid_from__lte=day).order_by("-valid_from", "-version")[:1]
    return in_force([*map(questionnaire, begun), *book().questionnaires], loop, day)


def questionnaire(row: Edition) -> Questionnaire:
    """An edition as the rules read it."""
    return edition_from(row.loop, row.version, row.valid_from, row.content)


def edition_from(loop: str, version: int, valid_from: date, content: Mapping[str, Any]) -> Questionnaire:
    """A version from its content, checked as the files are; raises `CallbackFault`."""
    table = {
        "loops": [loop],
        "valid_from": valid_from,
        "source": {"zh": f"本单位问卷，第{version}版", "en": f"the utility's own, version {version}"},
        "certainty": "design",
        **content,
    }
    return questionnaire_from(Sheet(f"{loop} v{version}", table), LOOPS_BY_CODE, version=version)


def sample_key() -> bytes:
    """The key of every draw (made when the database is)."""
    return bytes(SampleKey.objects.get(pk=1).key)


@lru_cache(maxsize=8)
def _book(folder: Path) -> Book:
    return book_from(_sheets(sorted(folder.glob("*.toml")), folder), LOOPS_BY_CODE)


def _sheets(paths: Iterable[Path], folder: Path) -> list[Sheet]:
    found = []
    for path in paths:
        name = f"{folder.name}/{path.name}"
        try:
            found.append(Sheet(name, tomllib.loads(path.read_text(encoding="utf-8"))))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
            raise CallbackFault(name, "", f"TOML in UTF-8 ({fault})") from fault
    return found
