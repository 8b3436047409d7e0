"""The pages of promises: read by all, tried by supervision, published by the administrator; a form that is refused loses nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from bihuan.indicators import actions as indicators
from bihuan.packs import queries
from bihuan.packs.models import Adoption, PackVersion, Trial
from bihuan.packs.queries import versions
from tests.cast import CHONGQING, PASSWORD, Cast, gather, moment, somebody

pytestmark = pytest.mark.django_db

CODE = "chongqing-2007"
NOW = datetime(2007, 6, 20, 12, tzinfo=CHONGQING)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    queries.forget()
    with time_machine.travel(NOW, tick=False):
        yield
    queries.forget()


def client(cast: Cast, post: str, language: str = "zh-hans") -> Client:
    """Somebody of this post in the service centre."""
    found = Client(headers={"accept-language": language})
    found.force_login(somebody(f"P-{post}", "白杨", post, cast.centre, PASSWORD))
    return found


def place_of(code: str, pack: str = CODE) -> int:
    found = versions.versions(pack)[0].pack.promises
    return next(place for place, promise in enumerate(found) if promise.code == code)


def form(**more: Any) -> dict[str, Any]:
    """A change as the browser sends it."""
    given = {"effective_from": "2007-07-01", "why": "董事会决议", "based_on": f"{CODE}/0", "do": "publish"}
    return given | {"first": "2007-06-01", "last": "2007-06-20"} | more


def limits(urban: int = 30) -> dict[str, Any]:
    told = {"amount-0": urban, "amount-1": 90, "amount-2": 120}
    return told | {f"unit-{n}": "minutes" for n in range(3)}


def text_with(old: str, new: str) -> str:
    text = versions.version(CODE, 0).text
    assert old in text
    return text.replace(old, new, 1)


def words(answer: Any) -> str:
    """What a page says, without its markup."""
    text = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text))


def arrives(cast: Cast, after: int, at: str) -> Any:
    case = cast.opens("repair", at=moment(at))
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=1), facts={"unit": "YJP"})
    cast.takes(case, "receive", cast.dispatcher, at=cast.later(minutes=1), facts={"crew": "YJP-Q1"})
    return cast.takes(case, "arrive", cast.crew, at=moment(at) + timedelta(minutes=after))


def test_the_list_tells_how_each_promise_was_kept_this_year_and_opens_to_the_cases() -> None:
    cast = gather()
    arrives(cast, 20, "2007-06-04 10:00")
    late = arrives(cast, 60, "2007-06-05 10:00")
    arrives(cast, 30, "2007-06-06 10:00")

    page = client(cast, "inspector").get("/promises/")
    behind = client(cast, "executive").get(f"/promises/{CODE}/repair-arrival/broken/")

    assert "66.67 %" in words(page)
    assert "兑现 2 · 超期 1" in words(page)
    assert f'href="/promises/{CODE}/repair-arrival/broken/?loops=repair"' in page.content.decode()
    assert late.number in words(behind)
    assert "1 项计时" in words(behind)
    assert "15 分" in words(behind)


def test_who_may_not_read_cases_sees_the_counts_without_links() -> None:
    cast = gather()
    arrives(cast, 20, "2007-06-04 10:00")
    admin = client(cast, "admin")

    page = admin.get("/promises/")

    assert "兑现 1 · 超期 0" in words(page)
    assert "/repair-arrival/kept/" not in page.content.decode()
    assert admin.get(f"/promises/{CODE}/repair-arrival/kept/").status_code == 404


def test_a_unit_counts_its_own_cases_only() -> None:
    cast = gather()
    arrives(cast, 20, "2007-06-04 10:00")
    neighbour = Client()
    neighbour.force_login(cast.neighbour)

    assert "兑现 1" not in words(neighbour.get("/promises/"))
    assert "没有工单" in words(neighbour.get(f"/promises/{CODE}/repair-arrival/kept/"))


def test_what_is_not_counted_yet_says_so() -> None:
    page = words(client(gather(), "agent", "en").get("/promises/sgcc-2005/"))

    assert "not yet counted" in page
    assert "limit of each case" in page
    assert "source seen" in page


def test_a_limit_is_changed_by_a_form_and_the_text_is_written_for_one() -> None:
    cast = gather()
    admin = client(cast, "admin")
    address = f"/promises/{CODE}/change/{place_of('repair-arrival')}/"
    assert 'value="45"' in admin.get(address).content.decode()

    answer = admin.post(address, form(**limits(30)))

    kept = PackVersion.objects.get()
    assert answer.status_code == 302
    assert (kept.code, kept.number, kept.effective_from, kept.why) == (
        CODE,
        1,
        date(2007, 7, 1),
        "董事会决议",
    )
    assert kept.text == text_with("amount = 45", "amount = 30")
    history = words(admin.get(f"/promises/{CODE}/history/"))
    assert "白杨" in history
    assert "amount = 30" in history


def test_checking_shows_what_would_change_and_publishes_nothing() -> None:
    admin = client(gather(), "admin")

    answer = admin.post(
        f"/promises/{CODE}/change/{place_of('repair-arrival')}/", form(**limits(30), do="check")
    )

    assert answer.status_code == 200
    assert "45 分钟" in words(answer)
    assert "30 分钟" in words(answer)
    assert not PackVersion.objects.exists()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_mistake_in_the_text_is_told_with_its_line_and_the_text_is_kept(end: str) -> None:
    admin = client(gather(), "admin")
    wrong = text_with('unit = "minutes"', 'unit = "fortnights"')

    answer = admin.post(f"/promises/{CODE}/edit/", form(text=wrong.replace("\n", end)))

    page = answer.content.decode()
    line = next(n for n, text in enumerate(wrong.splitlines(), 1) if "fortnights" in text)
    assert answer.status_code == 422
    assert f"{CODE}/pack.toml: promise[1].limits[1].unit" in words(answer)
    assert f"文本第 {line} 行" in words(answer)
    assert page.count("fortnights") == 2  # in the excerpt, and in the form
    assert not PackVersion.objects.exists()


def test_a_text_that_is_no_toml_names_the_line() -> None:
    answer = client(gather(), "admin").post(f"/promises/{CODE}/edit/", form(text="[pack]\ncode = \n"))

    assert answer.status_code == 422
    assert "文本第 2 行" in words(answer)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"effective_from": "2007-06-20"}, "生效日期应晚于今天（2007-06-20）"),
        ({"effective_from": "someday"}, "someday"),
        ({"why": ""}, "请写明修改理由"),
        ({"based_on": f"{CODE}/7"}, f"已有新版本 {CODE}/0"),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(wrong: dict[str, str], said: str) -> None:
    answer = client(gather(), "admin").post(
        f"/promises/{CODE}/edit/", form(text=text_with("amount = 45", "amount = 31")) | wrong
    )

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "amount = 31" in answer.content.decode()
    assert not PackVersion.objects.exists()


def test_supervision_tries_and_does_not_publish() -> None:
    cast = gather()
    inspector = client(cast, "inspector")

    shown = inspector.get(f"/promises/{CODE}/edit/").content.decode()
    answer = inspector.post(f"/promises/{CODE}/edit/", form(text=text_with("amount = 45", "amount = 31")))

    assert 'value="publish"' not in shown
    assert answer.status_code == 200  # checked instead
    assert not PackVersion.objects.exists()


def test_a_trial_shows_who_would_have_been_late_and_opens_their_cases() -> None:
    cast = gather()
    arrives(cast, 20, "2007-06-04 10:00")
    late = arrives(cast, 40, "2007-06-05 10:00")
    inspector = client(cast, "inspector")

    answer = inspector.post(
        f"/promises/{CODE}/change/{place_of('repair-arrival')}/", form(**limits(30), do="try")
    )
    waiting = inspector.get(answer["Location"])
    indicators.run_trial(key=Trial.objects.get().pk, clock=lambda: NOW)
    done = inspector.get(answer["Location"])

    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    assert 'hx-trigger="every 2s"' not in done.content.decode()
    assert "100.00 % 2 / 2" in words(done)
    assert "50.00 % 1 / 2" in words(done)
    assert f'href="/cases/{late.number}/"' in done.content.decode()
    assert not PackVersion.objects.exists()


def test_an_administrator_without_cases_sees_the_sums_of_a_trial_and_no_numbers() -> None:
    cast = gather()
    late = arrives(cast, 40, "2007-06-05 10:00")
    admin = client(cast, "admin")

    answer = admin.post(
        f"/promises/{CODE}/change/{place_of('repair-arrival')}/", form(**limits(30), do="try")
    )
    indicators.run_trial(key=Trial.objects.get().pk, clock=lambda: NOW)
    done = admin.get(answer["Location"])

    assert "0.00 % 0 / 1" in words(done)
    assert late.number not in done.content.decode()


def test_a_draft_that_was_tried_is_gone_on_with() -> None:
    cast = gather()
    admin = client(cast, "admin")
    admin.post(f"/promises/{CODE}/change/{place_of('repair-arrival')}/", form(**limits(33), do="try"))

    page = admin.get(f"/promises/{CODE}/edit/?trial={Trial.objects.get().pk}").content.decode()

    assert "amount = 33" in page
    assert 'value="2007-07-01"' in page


def test_two_editions_stand_side_by_side() -> None:
    page = client(gather(), "agent", "en").get(
        f"/promises/compare/?one=sgcc-2005/0&other={CODE}/0&show=changed"
    )

    assert "Arrival at a fault" in words(page)
    assert "Warnings at 70 %: who has it" in words(page)
    assert "C-ARRIVE" in words(page)
    assert client(gather_again(), "handler").get("/promises/compare/?one=x/9").status_code == 404


def gather_again() -> Cast:
    """The cast is there already; only somebody of the centre is needed."""
    from bihuan.people.models import Unit

    class Centre:
        centre = Unit.objects.get(code="KF")

    return Centre()  # type: ignore[return-value]


def test_a_pack_is_copied_and_adopted_from_a_day_on() -> None:
    cast = gather()
    admin = client(cast, "admin")
    copied = {"source": "sgcc-2005/0", "code": "our-town", "title_zh": "本市", "title_en": "Ours"}
    copied |= {"effective_from": "2007-07-01", "why": "自订"}

    first = admin.post("/promises/copy/", copied)
    again = admin.post("/promises/copy/", copied)
    order = {"packs": ["our-town", CODE, "", ""], "effective_from": "2007-07-01", "why": "换用自订"}
    ordered = admin.post("/promises/order/", order)

    assert (first.status_code, again.status_code, ordered.status_code) == (302, 422, 302)
    assert "our-town" in words(again)
    assert Adoption.objects.get().packs == ["our-town", CODE]
    assert f"our-town → {CODE}" in words(admin.get("/promises/"))


@pytest.mark.parametrize("post", ["agent", "leader", "editor", "executive"])
def test_who_only_reads_may_neither_try_nor_publish(post: str) -> None:
    reader = client(gather(), post)

    refused = [
        reader.get(address).status_code
        for address in (
            f"/promises/{CODE}/edit/",
            f"/promises/{CODE}/change/0/",
            "/promises/copy/",
            "/promises/order/",
        )
    ]

    assert refused == [403] * 4
    assert reader.get(f"/promises/{CODE}/history/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/promises/gondor/",
        "/promises/gondor/history/",
        "/promises/gondor/edit/",
        f"/promises/{CODE}/?version=9",
        f"/promises/{CODE}/change/999/",
        f"/promises/{CODE}/gondor/kept/",
        f"/promises/{CODE}/repair-arrival/lost/",
        "/promises/trials/0190f3b2-0000-7000-8000-000000000000/",
    ],
)
def test_what_is_not_there_is_not_found(address: str) -> None:
    cast = gather()
    person = somebody("P-both", "双岗", "admin", cast.centre)
    from tests.cast import appoint

    appoint(person.actor, cast.centre, "inspector")
    both = Client()
    both.force_login(person)

    assert both.get(address).status_code == 404
