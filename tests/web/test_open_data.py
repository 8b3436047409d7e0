"""Approved figures for everybody, where the house says so; nothing else of the house without signing in."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.test import Client

from bihuan.reports.actions import approve, freeze
from bihuan.reports.models import Snapshot
from bihuan.reports.rules.reading import VIEWS
from tests.cast import Cast, gather, moment

pytestmark = pytest.mark.django_db
WEEK = "/open/weekly/2007-W23/"


def frozen(cast: Cast, at: str) -> Snapshot:
    now = moment(at)
    by = cast.editor.actor
    return freeze(kind="weekly", name="2007-W23", at=now, known=now, by=by, recorded_at=now)


def test_what_is_approved_is_open_to_everybody_where_the_house_says_so(settings: Any) -> None:
    settings.BIHUAN_OPEN_DATA = True
    settings.BIHUAN_OPEN_LICENCE = "CC-BY-4.0"
    cast = gather()
    cast.opens("repair", at=moment("2007-06-05 09:00"))
    kept = frozen(cast, "2007-06-11 08:00")
    nobody = Client()
    assert kept.digest not in nobody.get("/open/").content.decode()
    assert nobody.get(f"{WEEK}figures.csv").status_code == 404

    approve(snapshot=kept, by=cast.inspector.actor, recorded_at=moment("2007-06-11 09:00"))
    cast.opens("repair", at=moment("2007-06-06 09:00"), recorded_at=moment("2007-06-12 09:00"))
    frozen(cast, "2007-06-13 08:00")

    page = nobody.get("/open/").content.decode()
    assert kept.digest in page
    assert "周末" not in page
    said = json.loads(nobody.get(f"{WEEK}datapackage.json").content)
    assert (said["bihuan"]["version"], said["licenses"]) == (1, [{"name": "CC-BY-4.0"}])
    figures = nobody.get(f"{WEEK}figures.csv").content.decode()
    assert "weekly,2007-W23,1,repair.count,1,true,CQ," in figures
    answer = nobody.get(f"{WEEK}package.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        name = "weekly-2007-w23-cq-v1"
        assert archive.namelist() == [
            f"{name}/{file}" for file in ("figures.csv", "indicators.csv", "units.csv", "datapackage.json")
        ]
        assert archive.read(f"{name}/figures.csv").decode() == figures
    assert answer.content == nobody.get(f"{WEEK}package.zip").content
    assert nobody.get(f"{WEEK}../secret").status_code == 404
    assert nobody.get(f"{WEEK}notes.csv").status_code == 404


def test_else_it_is_for_those_who_read_reports() -> None:
    cast = gather()
    paths = ("/open/", "/open/dictionary/", "/open/dictionary.csv", f"{WEEK}figures.csv")

    for path in paths:
        assert Client().get(path).headers["Location"].startswith("/sign-in/")
    agent, editor = Client(), Client()
    agent.force_login(cast.agent)
    editor.force_login(cast.editor)
    assert {agent.get(path).status_code for path in paths} == {403}
    assert [editor.get(path).status_code for path in paths] == [200, 200, 200, 404]


def test_the_dictionary_tells_every_column(settings: Any) -> None:
    settings.BIHUAN_OPEN_DATA = True
    nobody = Client()

    page = nobody.get("/open/dictionary/").content.decode()
    told = json.loads(nobody.get("/open/dictionary.json").content)
    rows = nobody.get("/open/dictionary.csv").content.decode().splitlines()
    text = nobody.get("/open/dictionary.md").content.decode()

    names = [(view.name, column.name) for view in VIEWS for column in view.columns]
    assert [(one["name"], column["column"]) for one in told["tables"] for column in one["columns"]] == names
    assert [tuple(row.split(",")[:2]) for row in rows[1:]] == names
    assert len(re.findall(r"^\| `", text, flags=re.MULTILINE)) == len(names)
    assert "repair.arrived_in_time" in page
    assert {one["code"] for one in told["indicators"]} == set(
        re.findall(r"^### `([^`]+)`", text, flags=re.MULTILINE)
    )
    assert told["zone"] == "Asia/Shanghai"
