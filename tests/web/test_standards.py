"""Classes and typical cases changed on their pages: with effect from a later day, seen first, nobody's change lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bihuan.standards import queries
from bihuan.standards.models import StandardVersion
from tests.cast import Cast, gather, somebody

pytestmark = pytest.mark.django_db
LEAF = "/standards/trees/complaint/frequent-outages/"


def administrator(cast: Cast) -> Client:
    client = Client()
    client.force_login(somebody("X1", "徐管", "admin", cast.centre))
    return client


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def typed(**changed: object) -> dict[str, object]:
    """What the form of the leaf holds when it is opened, with these fields changed."""
    return {
        "place": "quality|供电可靠性",
        "title_zh": "频繁停电",
        "title_en": "frequent outages",
        "definition_zh": "",
        "definition_en": "",
        "sets": ["production"],
        "valid_to": "",
        "effective_from": f"{tomorrow()}",
        "why": "省公司通知",
        "based_on": "0",
        **changed,
    }


def test_everybody_who_works_reads_a_class_and_only_managers_change_it() -> None:
    cast = gather()
    client = Client()
    client.force_login(cast.handler)

    page = client.get(LEAF)

    assert page.status_code == 200
    assert "村社两月停电三次" in page.content.decode() or "频繁停电" in page.content.decode()
    assert 'name="why"' not in page.content.decode()
    assert client.post(LEAF, typed(title_zh="经常停电")).status_code == 403
    assert not StandardVersion.objects.exists()


def test_a_definition_is_written_and_holds_from_tomorrow() -> None:
    client = administrator(gather())

    answer = client.post(
        LEAF, typed(definition_zh="两个月内停电四次", definition_en="four outages in two months")
    )

    assert answer.status_code == 302
    today, next_day = (
        queries.leaf("complaint", "frequent-outages", day) for day in (timezone.localdate(), tomorrow())
    )
    assert next_day is not None
    assert next_day.definition is not None
    assert next_day.definition.zh == "两个月内停电四次"
    assert today is not None
    assert today.definition != next_day.definition
    page = client.get(LEAF).content.decode()
    assert "徐管" in page
    assert "省公司通知" in page
    assert "<ins>两个月内停电四次</ins>" in page


def test_a_class_is_retired_and_old_cases_keep_it() -> None:
    client = administrator(gather())

    assert client.post(LEAF, typed(valid_to=f"{tomorrow()}")).status_code == 302

    after = tomorrow() + timedelta(days=1)
    assert queries.leaf("complaint", "frequent-outages", tomorrow()) is not None
    assert queries.leaf("complaint", "frequent-outages", after) is None


def test_a_new_class_is_offered_from_its_day_on_and_a_code_is_given_once() -> None:
    client = administrator(gather())
    row = typed(code="smart-meter", title_zh="智能表", title_en="smart meter", place="business|电能计量")

    assert client.post("/standards/trees/complaint/new/", row).status_code == 302
    again = client.post("/standards/trees/complaint/new/", row)

    assert queries.leaf("complaint", "smart-meter", timezone.localdate()) is None
    assert queries.path_of("complaint", "smart-meter", tomorrow())[-1].zh == "智能表"
    assert again.status_code == 422
    assert StandardVersion.objects.count() == 1


def test_the_second_of_two_who_edit_at_once_is_told_and_undoes_nothing() -> None:
    client = administrator(gather())
    assert client.post(LEAF, typed(title_zh="甲改的")).status_code == 302

    second = client.post(
        "/standards/trees/complaint/bill/", typed(place="business|电价电费", title_zh="乙改的")
    )

    assert second.status_code == 422
    assert "编辑期间已有新版本发布" in second.content.decode()
    assert "乙改的" in second.content.decode()
    assert StandardVersion.objects.count() == 1


def test_a_change_of_tomorrow_stands_in_the_next_one_too() -> None:
    client = administrator(gather())
    client.post(LEAF, typed(title_zh="甲改的"))
    newest = queries.newest("taxonomies", "complaint").edition

    client.post(
        "/standards/trees/complaint/bill/",
        typed(place="business|电价电费", title_zh="乙改的", based_on=f"{newest}"),
    )

    first, second = (queries.leaf("complaint", code, tomorrow()) for code in ("frequent-outages", "bill"))
    assert first is not None
    assert second is not None
    assert (first.title.zh, second.title.zh) == ("甲改的", "乙改的")


def test_an_edition_does_not_begin_before_the_one_that_it_stands_on() -> None:
    client = administrator(gather())
    client.post(LEAF, typed(title_zh="甲改的", effective_from=f"{tomorrow() + timedelta(days=9)}"))
    newest = queries.newest("taxonomies", "complaint").edition

    answer = client.post(LEAF, typed(title_zh="乙改的", based_on=f"{newest}"))

    assert answer.status_code == 422
    assert StandardVersion.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"why": " "},
        {"title_en": ""},
        {"effective_from": "2007-01-01"},
        {"effective_from": "x"},
        {"place": "no"},
        {},
    ],
)
def test_what_is_not_right_or_changes_nothing_is_not_published(changed: dict[str, object]) -> None:
    definition = queries.leaf("complaint", "frequent-outages", timezone.localdate())
    assert definition is not None
    assert definition.definition is not None
    same = {"definition_zh": definition.definition.zh, "definition_en": definition.definition.en}

    answer = administrator(gather()).post(LEAF, typed(**{**same, **changed}))

    assert answer.status_code == 422
    assert not StandardVersion.objects.exists()


def test_a_typical_case_is_seen_before_it_is_published() -> None:
    client = administrator(gather())
    address = "/standards/cases/crew-late/edit/"
    form = client.get(address).context["form"]
    row = {**form.initial, "why": "更正", "law_zh": "新规第九条", "effective_from": f"{tomorrow()}"}

    preview = client.post(address, row)
    assert preview.status_code == 200
    assert "新规第九条" in preview.content.decode()
    assert not StandardVersion.objects.exists()

    assert client.post(address, {**row, "publish": "yes"}).status_code == 302
    case = queries.typical("crew-late", tomorrow())
    before = queries.typical("crew-late", timezone.localdate())
    assert case is not None
    assert before is not None
    assert case.law.zh == "新规第九条"
    assert before.law.zh != "新规第九条"
    assert case.handling == before.handling


def test_the_tree_is_searched_by_words_and_by_code() -> None:
    client = administrator(gather())

    found = client.get("/standards/trees/complaint/?q=frequent").content.decode()

    assert 'data-row="frequent-outages"' in found
    assert 'data-row="bill"' not in found
    assert client.get("/standards/trees/complaint/?q=没有这样的").status_code == 200


def test_leaves_stand_under_their_class() -> None:
    day = timezone.localdate()

    assert [leaf.code for leaf in queries.leaves_under("complaint", "quality", day)] == [
        "voltage-long",
        "frequency-long",
        "frequent-outages",
    ]
    assert queries.leaves_under("complaint", "nothing", day) == []
    assert queries.path_of("complaint", "nothing", day) == ()
