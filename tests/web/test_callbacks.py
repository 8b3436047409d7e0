"""The callback desk through HTTP: the next call, its end in one key, findings, ledger, second listener, questions."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case, Cycle, Entry, Look
from bihuan.people.models import Staff
from bihuan.supply.models import Phone
from bihuan.surveys.models import Answer, Claim, Edition, Finding, Ruling, Score
from tests.cast import Cast, gather, moment, somebody

pytestmark = pytest.mark.django_db
DESK = "/callbacks/"


def browser(person: Staff) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def page(person: Staff, path: str, at: str = "2007-06-05 15:00") -> str:
    with time_machine.travel(moment(at), tick=False):
        answer = browser(person).get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def sent(person: Staff, path: str, data: dict[str, object], at: str = "2007-06-05 15:00") -> tuple[int, str]:
    with time_machine.travel(moment(at), tick=False):
        answer = browser(person).post(path, data)
    return answer.status_code, answer.content.decode()


def waiting(cast: Cast, count: int = 1, loop: str = "repair") -> list[Case]:
    found = []
    for place in range(count):
        case = cast.opens(loop, at=moment("2007-06-05 09:00") + timedelta(minutes=place))
        found.append(cast.restores(case) if loop == "repair" else cast.answers(case))
    return found


def on_top(html: str) -> str:
    """The number of the case that stands before the agent."""
    found = re.search(r'<section class="sheet whom">.*?<a href="/cases/([^/]+)/"', html, re.DOTALL)
    return found[1] if found else ""


def talk(case: Case, step: str = "confirm", **more: object) -> dict[str, object]:
    told: dict[str, object] = {
        "step": step,
        "expected_seq": case.last_seq,
        "client_id": f"{case.number}-{step}",
        "solved": "yes",
        "satisfaction": "satisfied",
    }
    return told | more


def test_the_oldest_call_stands_ready_and_is_claimed() -> None:
    cast = gather()
    cases = waiting(cast, 2)

    html = page(cast.caller, DESK)

    assert on_top(html) == cases[0].number
    assert "Is your supply back" in html
    assert "13800000001" in html
    assert Claim.objects.get().actor == cast.caller.actor


def test_two_agents_are_never_shown_the_same_call() -> None:
    cast = gather()
    cases = waiting(cast, 2)
    other = somebody("H2", "韩冰", "callback", cast.centre)

    first, second = page(cast.caller, DESK), page(other, DESK)

    assert (on_top(first), on_top(second)) == (cases[0].number, cases[1].number)
    taken = page(other, f"{DESK}?number={cases[0].number}")
    assert "何欢 has this call before him" in taken
    assert "data-call" not in taken


def test_coming_back_shows_the_same_call() -> None:
    cast = gather()
    waiting(cast, 3)

    assert on_top(page(cast.caller, DESK)) == on_top(page(cast.caller, DESK, "2007-06-05 15:05"))


def test_a_call_ends_in_one_post_and_the_next_one_comes() -> None:
    cast = gather()
    cases = waiting(cast, 2)
    path = f"{DESK}{cases[0].number}/end/"

    status, _ = sent(cast.caller, path, talk(cases[0]) | {"answer-manner": "good", "remark": "很快"})

    assert status == 302
    entry = Entry.objects.get(case=cases[0], step="confirm")
    assert entry.facts == {"solved": True, "satisfaction": "satisfied"}
    assert Answer.objects.get().value == "good"
    assert on_top(page(cast.caller, DESK)) == cases[1].number


def test_what_the_customer_says_of_the_arrival_is_typed_as_a_time_and_found_out() -> None:
    cast = gather()
    (case,) = waiting(cast)
    arrived = Cycle.objects.get(case=case).arrived_at
    assert arrived == moment("2007-06-05 09:25")

    sent(cast.caller, f"{DESK}{case.number}/end/", talk(case, customer_arrived_at="1015"))

    assert Cycle.objects.get(case=case).customer_arrived_at == moment("2007-06-05 10:15")
    finding = Finding.objects.get()
    assert (finding.kind, finding.minutes) == ("arrival", 50)


def test_a_time_that_is_none_is_said_and_nothing_is_lost() -> None:
    cast = gather()
    (case,) = waiting(cast)

    told = talk(case, customer_arrived_at="quarter past", remark="记住这句")
    status, html = sent(cast.caller, f"{DESK}{case.number}/end/", told)

    assert status == 422
    assert "Give a time like 11:20" in html
    assert "记住这句" in html
    assert "quarter past" in html
    assert not Entry.objects.filter(step="confirm").exists()


def test_sending_back_needs_a_reason_and_opens_a_new_round() -> None:
    cast = gather()
    (case,) = waiting(cast)
    path = f"{DESK}{case.number}/end/"

    refused, html = sent(cast.caller, path, talk(case, "send_back", solved="no"))
    accepted, _ = sent(cast.caller, path, talk(case, "send_back", solved="no", reason="untrue"))

    assert (refused, accepted) == (422, 302)
    assert "Fill in “Reason”" in html
    assert Case.objects.get().cycle == 2
    assert Finding.objects.get().kind == "untrue"


def test_a_customer_not_reached_comes_back_at_the_time_he_asked_for() -> None:
    cast = gather()
    (case,) = waiting(cast)
    told = {
        "step": "attempt",
        "reason": "later",
        "number": "1",
        "ring_at": "2007-06-05T16:30",
        "expected_seq": case.last_seq,
    }

    status, _ = sent(cast.caller, f"{DESK}{case.number}/end/", told)

    assert status == 302
    assert on_top(page(cast.caller, DESK)) == ""
    assert "the customer asked for this time" in page(cast.caller, DESK)
    assert on_top(page(cast.caller, DESK, "2007-06-05 16:30")) == case.number


@pytest.mark.parametrize("asked", ["2007-06-05T14:59", "2007-06-20T09:00", "2099-01-01T09:00"])
def test_a_call_cant_be_put_off_for_ever(asked: str) -> None:
    cast = gather()
    (case,) = waiting(cast)
    told = {"step": "attempt", "reason": "later", "ring_at": asked, "expected_seq": case.last_seq}

    status, html = sent(cast.caller, f"{DESK}{case.number}/end/", told)

    assert status == 422
    assert "Give a time after now and within 14 days" in html
    assert not Entry.objects.filter(step="attempt").exists()


def test_the_end_without_a_talk_is_offered_after_three_attempts() -> None:
    cast = gather()
    (case,) = waiting(cast)
    path = f"{DESK}?number={case.number}"

    assert "End, unreached" not in page(cast.caller, path)
    for _ in range(3):
        facts = {"reason": "no_answer"}
        cast.takes(case, "attempt", cast.caller, at=cast.later(hours=2), facts=facts)
    assert "End, unreached" in page(cast.caller, path, "2007-06-05 18:00")


def test_the_next_of_several_numbers_is_chosen() -> None:
    cast = gather()
    (case,) = waiting(cast)
    path = f"{DESK}{case.number}/phones/"

    assert sent(cast.caller, path, {"phone": "02368000000", "kind": "home"})[0] == 302
    assert Phone.objects.get().position == 2
    facts = {"reason": "wrong_number", "number": 1}
    cast.takes(case, "attempt", cast.caller, at=moment("2007-06-05 10:10"), facts=facts)
    html = page(cast.caller, DESK)

    chosen = re.search(r'<li class="chosen"><a href="tel:(\d+)"', html)
    assert chosen
    assert chosen[1] == "02368000000"


def test_nobody_is_rung_in_quiet_hours_unless_the_case_is_named() -> None:
    cast = gather()
    (case,) = waiting(cast)

    night = page(cast.caller, DESK, "2007-06-05 22:00")
    named = page(cast.caller, f"{DESK}?number={case.number}", "2007-06-05 22:00")

    assert on_top(night) == ""
    assert "Quiet hours (12:00-14:00, 21:00-08:00)" in night
    assert "Not before 2007-06-06 08:00 (quiet hours)" in named or "Not before 06-06 08:00" in named
    assert on_top(named) == case.number


def test_a_page_left_open_holds_its_call_and_says_when_it_is_lost() -> None:
    cast = gather()
    (case,) = waiting(cast)
    other = somebody("H2", "韩冰", "callback", cast.centre)
    page(cast.caller, DESK)
    path = f"{DESK}{case.number}/hold/"

    assert 'hx-post="' in sent(cast.caller, path, {}, "2007-06-05 15:09")[1]
    assert on_top(page(other, DESK, "2007-06-05 15:12")) == ""
    assert on_top(page(other, DESK, "2007-06-05 15:30")) == case.number
    assert "韩冰 has this call now" in sent(cast.caller, path, {}, "2007-06-05 15:31")[1]


def test_who_lost_his_call_writes_nothing_and_loses_nothing_that_he_typed() -> None:
    cast = gather()
    (case,) = waiting(cast)
    other = somebody("H2", "韩冰", "callback", cast.centre)
    page(cast.caller, DESK)
    page(other, DESK, "2007-06-05 15:30")

    told = talk(case, remark="客户说很快")
    status, html = sent(cast.caller, f"{DESK}{case.number}/end/", told, "2007-06-05 15:31")

    assert status == 409
    assert "韩冰 has this call before him now; nothing was written" in html
    assert "客户说很快" in html
    assert not Entry.objects.filter(step="confirm").exists()


def test_given_back_a_call_is_free() -> None:
    cast = gather()
    (case,) = waiting(cast)
    other = somebody("H2", "韩冰", "callback", cast.centre)
    page(cast.caller, DESK)

    assert sent(cast.caller, f"{DESK}{case.number}/release/", {})[0] == 302
    assert on_top(page(other, DESK)) == case.number


@pytest.mark.django_db(transaction=True)
def test_who_tipped_off_is_shown_only_when_asked_for_and_the_look_is_recorded() -> None:
    cast = gather()
    case = cast.answers(cast.opens("tipoff", facts={"about": "NA"}))

    hidden = page(cast.caller, DESK)
    assert on_top(hidden) == case.number
    assert "13800000001" not in hidden
    assert "周末" not in hidden
    status, shown = sent(cast.caller, f"{DESK}{case.number}/reveal/", {})

    assert (status, "13800000001" in shown) == (200, True)
    assert Look.objects.get().actor == cast.caller.actor
    case.refresh_from_db()
    told = {"step": "attempt", "reason": "no_answer", "number": "1", "expected_seq": case.last_seq}
    assert sent(cast.caller, f"{DESK}{case.number}/end/", told)[0] == 302
    assert Entry.objects.get(step="attempt").facts["number"] == 1
    assert Look.objects.count() == 1


def test_a_customer_who_declined_is_ended_without_a_call() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair", facts={"callback": "declined"}))

    html = page(cast.caller, DESK)
    assert "The customer asked not to be called" in html
    assert "13800000001" not in html
    assert "data-call" not in html
    told = {"step": "exempt_call", "reason": "declined", "expected_seq": case.last_seq}
    assert sent(cast.caller, f"{DESK}{case.number}/end/", told)[0] == 302

    ledger = page(cast.inspector, "/callbacks/ledger/?from=2007-06-05&to=2007-06-05")
    assert "何欢" in ledger
    assert "the customer asked not to be called" in ledger


def test_every_figure_of_the_ledger_opens_to_its_cases() -> None:
    cast = gather()
    first, second = waiting(cast, 2)
    cast.confirms(first)

    html = page(cast.leader, "/callbacks/ledger/?from=2007-06-04&to=2007-06-10")
    links = {
        link.replace("&amp;", "&") for link in re.findall(r'href="(/callbacks/ledger/cases/\?[^"]+)"', html)
    }

    assert len(links) >= 4
    for link in links:
        group = re.search(r"group=(\w+)", link)
        assert group
        behind = page(cast.leader, link)
        assert (first.number in behind) is (group[1] in ("owed", "made", "reached"))
        assert (second.number in behind) is (group[1] in ("owed", "open"))


def test_the_ledger_of_a_neighbour_is_empty() -> None:
    cast = gather()
    waiting(cast, 2)
    neighbour = somebody("L2", "刘南", "leader", cast.nan)

    assert "No call became due" in page(neighbour, "/callbacks/ledger/?from=2007-06-04&to=2007-06-10")


@pytest.mark.parametrize(
    "query", ["from=x", "from=2007-06-10&to=2007-06-04", "from=9999-01-01&to=9999-01-02"]
)
def test_days_that_are_none_are_not_found(query: str) -> None:
    assert browser(gather().inspector).get(f"/callbacks/ledger/?{query}").status_code == 404


def mismatch(cast: Cast) -> Finding:
    (case,) = waiting(cast)
    sent(cast.caller, f"{DESK}{case.number}/end/", talk(case, customer_arrived_at="10:15"))
    return Finding.objects.get()


def test_a_leader_explains_and_an_inspector_upholds() -> None:
    cast = gather()
    finding = mismatch(cast)
    path = reverse("rule-on", args=[finding.pk])

    assert "+50" in page(cast.leader, "/callbacks/findings/")
    assert sent(cast.leader, path, {"state": "upheld", "reason": "careless"})[0] == 404
    explained: dict[str, object] = {"state": "explained", "reason": "recorded_late", "text": "先到后补"}
    assert sent(cast.leader, path, explained)[0] == 302
    assert "先到后补" in page(cast.inspector, "/callbacks/findings/?state=explained")
    assert sent(cast.inspector, path, {"state": "upheld", "reason": "untrue_record"})[0] == 302

    assert [one.state for one in Ruling.objects.order_by("recorded_at", "id")] == ["explained", "upheld"]


def test_a_neighbour_sees_no_finding_of_yang() -> None:
    cast = gather()
    finding = mismatch(cast)
    neighbour = somebody("L2", "刘南", "leader", cast.nan)

    assert finding.case.number not in page(neighbour, "/callbacks/findings/?state=")
    path = reverse("rule-on", args=[finding.pk])
    assert sent(neighbour, path, {"state": "explained", "reason": "other"})[0] == 404
    assert not Ruling.objects.exists()


def marks(**fatal: object) -> dict[str, object]:
    items = ("opening", "identity", "questions", "neutral", "recorded", "manner", "closing")
    return dict.fromkeys(items, "100") | fatal


def test_a_second_listener_scores_and_the_agent_reads_it() -> None:
    cast = gather()
    (case,) = waiting(cast)
    sent(cast.caller, f"{DESK}{case.number}/end/", talk(case))
    seq = Entry.objects.get(step="confirm").seq
    path = f"/callbacks/scores/{case.number}/{seq}/"

    assert path in page(cast.inspector, "/callbacks/scores/?week=2007-W23", "2007-06-12 09:00")
    assert sent(cast.inspector, path, marks(opening="50", remark="开头语不全"))[0] == 302

    assert Score.objects.get().total == 95
    own = page(cast.caller, "/callbacks/scores/?week=2007-W23", "2007-06-12 09:00")
    assert "95" in own
    assert "开头语不全" in page(cast.caller, path)
    assert sent(cast.inspector, path, marks())[0] == 302
    assert Score.objects.count() == 1


def test_nobody_scores_his_own_and_no_agent_reads_anothers() -> None:
    cast = gather()
    (case,) = waiting(cast)
    sent(cast.caller, f"{DESK}{case.number}/end/", talk(case))
    path = f"/callbacks/scores/{case.number}/{Entry.objects.get(step='confirm').seq}/"
    other = somebody("H2", "韩冰", "callback", cast.centre)

    sent(cast.caller, path, marks())

    assert not Score.objects.exists()
    assert browser(other).get(path).status_code == 404


def test_a_fatal_item_makes_the_score_nothing() -> None:
    cast = gather()
    (case,) = waiting(cast)
    sent(cast.caller, f"{DESK}{case.number}/end/", talk(case))
    path = f"/callbacks/scores/{case.number}/{Entry.objects.get(step='confirm').seq}/"

    assert sent(cast.inspector, path, marks(fatal=["invented"]))[0] == 302

    assert (Score.objects.get().total, Score.objects.get().fatal) == (0, ["invented"])


def edition(**more: object) -> dict[str, object]:
    return {
        "valid_from": "2007-06-10",
        "why": "增加一问",
        "opening_zh": "您好",
        "opening_en": "Good day",
        "closing_zh": "再见",
        "closing_en": "Good-bye",
        "q-code": ["solved", "satisfaction", "advised", ""],
        "q-fact": ["solved", "satisfaction", "", ""],
        "q-kind": ["flag", "choice", "flag", "flag"],
        "q-zh": ["解决了吗", "满意吗", "讲解安全用电了吗", ""],
        "q-en": ["Solved?", "Satisfied?", "Told about safety?", ""],
        "q-choices": ["", "", "", ""],
        "q-least": ["1", "1", "1", "1"],
        "q-most": ["5", "5", "5", "5"],
        "q-needed": ["", "", "yes", ""],
    } | more


def test_an_editor_publishes_a_version_and_the_desk_asks_it_from_its_day_on() -> None:
    cast = gather()
    waiting(cast)

    status, _ = sent(cast.editor, "/callbacks/questions/repair/", edition())

    assert status == 302
    assert "Told about safety?" not in page(cast.caller, DESK)
    assert "Told about safety?" in page(cast.caller, DESK, "2007-06-10 15:00")
    assert "增加一问" in page(cast.caller, "/callbacks/questions/repair/")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {
                "q-code": ["solved", "mood", "advised", ""],
                "q-fact": ["solved", "", "", ""],
                "q-kind": ["flag"] * 4,
            },
            "a question for the fact",
        ),
        ({"valid_from": "2007-06-05"}, "A new version begins tomorrow"),
        ({"q-code": ["solved", "satisfaction", "So!", ""]}, "a code of small letters"),
        ({"q-en": ["Solved?", "Satisfied?", "", ""]}, "expected a text"),
    ],
)
def test_a_faulty_version_says_where_and_keeps_what_was_typed(changed: dict[str, object], said: str) -> None:
    cast = gather()

    status, html = sent(cast.editor, "/callbacks/questions/repair/", edition(**changed))

    assert status == 422
    assert said in html
    assert "讲解安全用电了吗" in html
    assert not Edition.objects.exists()


def test_only_editors_change_what_is_asked() -> None:
    cast = gather()

    assert sent(cast.caller, "/callbacks/questions/repair/", edition())[0] == 404
    assert sent(cast.handler, "/callbacks/questions/repair/", edition())[0] == 403
    assert not Edition.objects.exists()


def test_the_duties_of_a_day_stand_with_their_source() -> None:
    html = page(gather().inspector, "/callbacks/questions/?day=2007-06-05")

    assert "30 in a hundred, drawn" in html
    assert "our own design" in html
    assert "3, 120 min apart" in html


def test_answers_are_counted_and_every_count_opens_to_its_calls() -> None:
    cast = gather()
    cases = waiting(cast, 3)
    for case, manner in zip(cases, ("good", "good", "bad"), strict=True):
        told = talk(case) | {"answer-manner": manner, "answer-wish": f"{manner}：早点通知"}
        sent(cast.caller, f"{DESK}{case.number}/end/", told)

    html = page(cast.leader, "/callbacks/questions/repair/")
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+/answers/[^"]+)"', html)]
    good = page(cast.leader, next(link for link in links if link.endswith("value=good")))
    words = page(cast.leader, next(link for link in links if link.endswith("question=wish")))

    assert "67" in html
    assert good.count("<tr data-row=") == 2
    assert "bad：早点通知" in words
    neighbour = somebody("L2", "刘南", "leader", cast.nan)
    assert "早点通知" not in page(neighbour, next(link for link in links if link.endswith("question=wish")))


def test_what_was_said_of_a_tip_off_stands_in_no_list() -> None:
    cast = gather()
    case = cast.answers(cast.opens("tipoff", facts={"about": "NA"}))
    sent(cast.caller, f"{DESK}{case.number}/end/", talk(case) | {"answer-wish": "别说是我"})

    assert Answer.objects.get().text == "别说是我"
    words = page(cast.inspector, "/callbacks/questions/tipoff/answers/?version=0&question=wish")
    assert "别说是我" not in words


@pytest.mark.parametrize(
    "query", ["question=solved", "question=x", "question=manner&value=x", "version=7&question=wish"]
)
def test_answers_that_nobody_asks_for_are_not_found(query: str) -> None:
    answer = browser(gather().inspector).get(f"/callbacks/questions/repair/answers/?{query}")

    assert answer.status_code == 404


def test_a_case_shows_what_unit_system_and_customer_each_say() -> None:
    cast = gather()
    case = cast.opens("repair", at=moment("2007-06-05 09:00"))
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=2), facts={"unit": "YJP"})
    facts = {"crew": cast.yang_crew.code}
    cast.takes(case, "receive", cast.dispatcher, at=cast.later(minutes=3), facts=facts)
    late = moment("2007-06-05 10:15")
    cast.takes(case, "arrive", cast.crew, at=moment("2007-06-05 09:25"), recorded_at=late)
    cast.now = late
    done = cast.takes(case, "restore", cast.crew, at=cast.later(minutes=15), facts={"cause": "fuse"})
    told = talk(done, customer_arrived_at="10:05", solved="yes")
    sent(cast.caller, f"{DESK}{case.number}/end/", told)

    html = page(cast.inspector, f"/cases/{case.number}/")
    row = re.search(r'<th scope="row">Arrived on site</th>(.*?)</tr>', html, re.DOTALL)

    assert row
    assert re.findall(r"\d\d:\d\d", row[1]) == ["09:25", "10:15", "10:05"]
    assert "differs" in row[1]
    assert {one.kind: one.minutes for one in Finding.objects.all()} == {"arrival": 40, "arrival_recorded": 50}


def test_a_callback_after_a_complaint_isnt_called_one_after_a_repair() -> None:
    cast = gather()
    waiting(cast, loop="complaint")

    html = page(cast.caller, DESK, "2007-06-05 17:00")

    assert "Callback after a complaint or situation report" in html
    assert "Callback after a repair" not in html
