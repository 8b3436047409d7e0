"""A call from the line to what it leaves: facts in the timeline, answers beside it, findings, and samples left out."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from bihuan.cases.models import Case, Cycle, Entry
from bihuan.flow import actions as flow
from bihuan.flow.actions.calls import end_call, leave_out
from bihuan.flow.queries import Checked, verify
from bihuan.flow.rules.refusals import Refusal, TooFewAttempts
from bihuan.people.actions import house_machine
from bihuan.people.models import Staff
from bihuan.people.rules import Scope
from bihuan.promises.queries import calls_owed
from bihuan.supply import actions as supply
from bihuan.supply import queries as supplied
from bihuan.surveys import actions, queries
from bihuan.surveys.models import Answer, Edition, Finding, Ruling, SampleKey, Score
from bihuan.surveys.queries.findings import counted, findings
from bihuan.surveys.rules.calling import Why
from bihuan.surveys.rules.questions import AnswerMissing, UnknownQuestion
from bihuan.surveys.rules.sampling import sampled
from bihuan.surveys.rules.sheet import CallbackFault
from tests.cast import Cast, appoint, gather, moment

pytestmark = pytest.mark.django_db
COMPANY = Scope(company=True, paths=())


def the_line(cast: Cast, who: Staff | None = None) -> queries.Line:
    person = who or cast.caller
    return queries.line(calls_owed(COMPANY), at=cast.now, actor_id=person.actor_id, bureaus=[])


def ends(cast: Cast, case: Case, step: str = "confirm", **more: object) -> Case:
    """The caller ends a call with the questionnaire of the day."""
    facts = {"solved": True, "satisfaction": "satisfied"}
    values: dict[str, object] = {
        "case_id": case.pk,
        "step": step,
        "by": cast.caller.actor,
        "at": cast.now,
        "recorded_at": cast.now,
        "facts": facts,
        "notes": {},
        "expected_seq": case.last_seq,
        "sheet": queries.asked_on(case.loop, cast.now.date()),
        **more,
    }
    return end_call(**values)  # type: ignore[arg-type]


def test_a_restored_repair_stands_in_the_line_with_its_due_moment() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair"))

    (only,) = the_line(cast).turns

    assert (only.waiting.number, only.why, only.ready(cast.now)) == (case.number, Why.due, True)
    assert only.waiting.due_at is not None


def test_who_carried_a_case_out_isnt_offered_it() -> None:
    cast = gather()
    cast.restores(cast.opens("repair"))
    appoint(cast.crew.actor, cast.centre, "callback")

    assert the_line(cast, cast.crew).turns == ()
    mine = queries.line(
        calls_owed(COMPANY), at=cast.now, actor_id=cast.caller.actor_id, bureaus=[cast.yang.pk]
    )
    assert mine.turns == ()


def test_a_customer_who_asked_for_a_time_is_rung_then() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair", at=moment("2007-06-05 09:00")))
    facts = {"reason": "later", "ring_at": "2007-06-05T04:30:00.000000Z", "number": 1}
    cast.takes(case, "attempt", cast.caller, at=cast.later(minutes=5), facts=facts)

    (before,) = the_line(cast).turns
    cast.now = moment("2007-06-05 12:30")
    (then,) = the_line(cast).turns

    assert (before.why, before.ready(moment("2007-06-05 10:00"))) == (Why.later, False)
    assert (then.why, then.ready(cast.now)) == (Why.own_time, True)
    (tried,) = queries.tries_of(case.pk, 1)
    assert (tried.number, tried.reason, tried.ring_at) == (1, "later", moment("2007-06-05 12:30"))


def test_a_call_leaves_facts_in_the_timeline_and_other_answers_beside_it() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair"))
    cast.later(minutes=30)

    done = ends(cast, case, answers={"manner": "good", "wish": "早点通知停电"})

    entry = Entry.objects.get(case=case, seq=done.last_seq)
    assert entry.facts == {"solved": True, "satisfaction": "satisfied"}
    kept = {row.question: (row.value, row.text) for row in Answer.objects.filter(case=case, seq=entry.seq)}
    assert kept == {"manner": ("good", None), "wish": (None, "早点通知停电")}


def test_a_form_sent_twice_leaves_its_answers_once() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair"))

    for _ in range(2):
        ends(cast, case, answers={"manner": "good"}, client_id="one")

    assert Answer.objects.count() == 1
    assert Case.objects.get(pk=case.pk).last_seq == case.last_seq + 1


def test_an_unknown_answer_undoes_the_step() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair"))

    with pytest.raises(UnknownQuestion):
        ends(cast, case, answers={"shoe_size": 43})

    assert Case.objects.get(pk=case.pk).last_seq == case.last_seq


def test_words_are_erased_and_the_rest_of_the_call_stays() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair"))
    done = ends(cast, case, answers={"wish": "我的电话是…"})

    assert actions.erase_answer(case_id=case.pk, seq=done.last_seq, question="wish", at=cast.now)

    answer = Answer.objects.get(case=case)
    assert (answer.text, answer.erased_at) == (None, cast.now)


def test_what_the_customer_says_of_the_arrival_is_a_finding() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair"))
    arrived = Cycle.objects.get(case=case).arrived_at
    assert arrived is not None
    said = arrived + timedelta(minutes=50)
    cast.later(hours=2)

    facts = {"solved": True, "satisfaction": "fair", "customer_arrived_at": said}
    ends(cast, case, facts=facts)

    (finding,) = findings(COMPANY)
    assert (finding.kind, finding.minutes, finding.unit) == ("arrival", 50, cast.yang)
    assert (finding.unit_said_at, finding.other_said_at) == (arrived, said)
    assert counted(COMPANY) == {"open": 1}
    assert counted(Scope(company=False, paths=(cast.nan.path,))) == {"open": 0}
    assert actions.find_mismatches(at=cast.now) == 0


def test_a_correction_lifts_a_finding_and_another_one_brings_it_back() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair"))
    arrived = Cycle.objects.get(case=case).arrived_at
    assert arrived is not None
    said = arrived + timedelta(minutes=12)
    cast.later(hours=2)
    ends(cast, case, facts={"solved": True, "satisfaction": "fair", "customer_arrived_at": said})
    assert Finding.objects.count() == 0
    seq = Entry.objects.get(case=case, step="arrive").seq

    for minutes, lifted in ((-20, False), (0, True), (-20, False)):
        facts = {"seq": seq, "new_at": arrived + timedelta(minutes=minutes), "reason": "mistyped"}
        cast.takes(case, "correct", cast.inspector, at=cast.later(minutes=1), facts=facts)
        actions.find_mismatches(at=cast.now, since=cast.now - timedelta(minutes=5))
        assert (Finding.objects.get(kind="arrival").lifted_at is not None) is lifted

    assert Finding.objects.get(kind="arrival").minutes == 32


def test_a_unit_explains_and_supervision_decides_and_both_stay() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair"))
    arrived = Cycle.objects.get(case=case).arrived_at
    assert arrived is not None
    cast.later(hours=2)
    late = {"solved": True, "satisfaction": "fair", "customer_arrived_at": arrived + timedelta(minutes=50)}
    ends(cast, case, facts=late)
    (finding,) = findings(COMPANY)

    def rules(state: str, reason: str, by: Staff) -> Ruling:
        return actions.rule_on(
            finding_id=finding.pk, state=state, reason=reason, text="", by=by.actor, at=cast.later(minutes=1)
        )

    with pytest.raises(actions.findings.UnknownReason):
        rules("explained", "untrue_record", cast.leader)
    rules("explained", "recorded_late", cast.leader)
    rules("upheld", "untrue_record", cast.inspector)
    with pytest.raises(actions.findings.NotOpen):
        rules("explained", "other", cast.leader)

    assert [one.state for one in Ruling.objects.order_by("recorded_at")] == ["explained", "upheld"]
    assert counted(COMPANY) == {"open": 0, "upheld": 1}
    assert [one.pk for one in findings(COMPANY, state="upheld", kind="arrival", unit="YJP")] == [finding.pk]


def answered(cast: Cast, count: int) -> list[Case]:
    return [cast.answers(cast.opens("suggestion")) for _ in range(count)]


def drawn(case: Case) -> bool:
    return sampled(queries.sample_key(), case.number, 1, 30)


def test_only_the_house_leaves_out_and_only_what_wasnt_drawn() -> None:
    cast = gather()
    house = house_machine(at=cast.now)
    assert house is not None
    cases = answered(cast, 8)
    in_line = {one.waiting.number for one in the_line(cast).turns}
    expected = {case.number for case in cases if not drawn(case)}
    with pytest.raises(Refusal):
        cast.takes(cases[0], "leave_out", cast.caller, facts={"reason": "not_sampled"})

    left = leave_out(by=house, at=cast.later(hours=1))

    assert in_line == {case.number for case in cases} - expected
    assert left == len(expected)
    ended = Cycle.objects.filter(ending="exempt").values_list("case__number", flat=True)
    assert set(ended) == expected
    assert leave_out(by=house, at=cast.now) == 0
    assert list(verify(Checked())) == []


def test_repairs_are_never_left_out() -> None:
    cast = gather()
    house = house_machine(at=cast.now)
    assert house is not None
    cast.restores(cast.opens("repair"))

    assert leave_out(by=house, at=cast.now) == 0


def test_a_new_version_is_asked_from_its_day_on() -> None:
    cast = gather()
    today = date(2007, 6, 5)
    content = {
        "opening": {"zh": "您好", "en": "Good day"},
        "closing": {"zh": "再见", "en": "Good-bye"},
        "question": [
            _fact("solved", "flag"),
            _fact("satisfaction", "choice"),
            {"code": "advised", "text": {"zh": "讲解了吗", "en": "Told?"}, "kind": "flag", "needed": True},
        ],
    }

    def publish(day: date) -> None:
        actions.publish(
            loop="repair", valid_from=day, content=content, why="简化", by=cast.editor.actor, at=cast.now
        )

    with pytest.raises(actions.questionnaires.TooEarly):
        publish(today)
    publish(date(2007, 6, 6))

    now, then = queries.asked_on("repair", today), queries.asked_on("repair", date(2007, 6, 6))
    assert (now and now.version, then and then.version) == (0, 1)
    assert [one.version for one in queries.editions("repair")] == [1, 0]
    case = cast.restores(cast.opens("repair", at=moment("2007-06-06 09:00")))
    with pytest.raises(AnswerMissing):
        ends(cast, case, sheet=then)
    ends(cast, case, sheet=then, answers={"advised": True})
    assert Answer.objects.get().version == 1


def test_a_faulty_version_is_refused() -> None:
    cast = gather()
    content = {
        "opening": {"zh": "您好", "en": "Good day"},
        "closing": {"zh": "再见", "en": "Good-bye"},
        "question": [_fact("solved", "flag")],
    }

    with pytest.raises(CallbackFault) as fault:
        actions.publish(
            loop="repair",
            valid_from=date(2007, 6, 6),
            content=content,
            why="",
            by=cast.editor.actor,
            at=cast.now,
        )

    assert "satisfaction" in fault.value.expected
    assert not Edition.objects.exists()


def _fact(code: str, kind: str) -> dict[str, object]:
    return {"code": code, "fact": code, "kind": kind, "text": {"zh": code, "en": code}}


def test_a_customer_has_several_numbers_each_once() -> None:
    cast = gather()
    customer = cast.account.customer

    supply.add_phone(customer=customer, number="02368000000", kind="home")
    with pytest.raises(supply.PhoneRefused):
        supply.add_phone(customer=customer, number="13800000001")
    with pytest.raises(supply.PhoneRefused):
        supply.add_phone(customer=customer, number="gibberish")

    assert supplied.numbers_of(customer) == [("13800000001", ""), ("02368000000", "home")]


def test_nobody_scores_his_own_call_nor_one_twice() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair"))
    done = ends(cast, case)
    call = Entry.objects.get(case=case, seq=done.last_seq)
    card = queries.book().scorecards[0]
    full = {item.code: 100 for item in card.weighted}

    def score(listener: Staff, fatal: tuple[str, ...] = ()) -> Score:
        return actions.score_call(
            call=call,
            card=card,
            marks=full,
            fatal=fatal,
            remark="",
            listener=listener.actor,
            at=cast.now,
        )

    with pytest.raises(actions.scores.OwnCall):
        score(cast.caller)
    assert score(cast.inspector).total == 100
    with pytest.raises(actions.scores.ScoredAlready):
        score(cast.inspector)
    assert score(cast.editor, ("invented",)).total == 0
    assert Score.objects.count() == 2


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE surveys_samplekey SET key = ''",
        "DELETE FROM surveys_samplekey",
        "INSERT INTO surveys_samplekey (id, key, created_at) VALUES (1, '', now())",
        "UPDATE surveys_score SET total = 100",
        "DELETE FROM surveys_score",
        "UPDATE surveys_ruling SET state = 'cleared'",
        "DELETE FROM surveys_ruling",
        "UPDATE surveys_edition SET content = '{}'",
        "DELETE FROM surveys_edition",
        "UPDATE surveys_answer SET value = '\"good\"'",
        "DELETE FROM surveys_answer",
        "DELETE FROM surveys_finding",
        "TRUNCATE surveys_claim",
    ],
)
def test_the_application_cant_unsay_what_was_decided(attack: str) -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute(attack)


def test_the_key_is_there_and_long() -> None:
    assert len(queries.sample_key()) == 32
    assert SampleKey.objects.count() == 1


def test_a_claim_by_uuid_stays_typed() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair"))

    taken = actions.claim(wanted=[(case.pk, case.last_seq)], by=cast.caller.actor, at=cast.now)

    assert isinstance(taken, UUID)


def test_verify_finds_what_was_altered_beside_the_timeline() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair"))
    arrived = Cycle.objects.get(case=case).arrived_at
    assert arrived is not None
    cast.later(hours=2)
    late = {"solved": True, "satisfaction": "fair", "customer_arrived_at": arrived + timedelta(minutes=50)}
    done = ends(cast, case, facts=late, answers={"manner": "good"})
    card = queries.book().scorecards[0]
    actions.score_call(
        call=Entry.objects.get(case=case, seq=done.last_seq),
        card=card,
        marks={item.code: 100 for item in card.weighted},
        fatal=[],
        remark="",
        listener=cast.inspector.actor,
        at=cast.now,
    )
    assert list(queries.differences()) == []

    Finding.objects.update(minutes=5)
    assert [what.en for _, what in queries.differences()] == ["the finding's values were altered"]
    Finding.objects.update(minutes=50, lifted_at=cast.now)
    assert [what.en for _, what in queries.differences()] == ["the finding isn't what the timeline says"]
    Finding.objects.update(lifted_at=None)
    Answer.objects.create(case=case, seq=2, question="manner", version=0, value="bad")
    assert [what.en for _, what in queries.differences()] == ["the answer belongs to no talk"]


def test_verify_finds_whoever_was_drawn_and_left_out() -> None:
    cast = gather()
    house = house_machine(at=cast.now)
    assert house is not None
    in_sample = next(case for case in (answered(cast, 1)[0] for _ in range(200)) if drawn(case))

    flow.take(
        case_id=in_sample.pk,
        step="leave_out",
        by=house,
        at=cast.now,
        recorded_at=cast.now,
        facts={"reason": "not_sampled"},
    )

    (found,) = list(verify(Checked()))
    assert found.what.en == "was drawn for a callback and left out all the same"
    assert found.where.startswith(in_sample.number)


def test_three_attempts_pressed_in_a_row_dont_end_a_case() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair"))
    for _ in range(3):
        cast.takes(case, "attempt", cast.caller, at=cast.later(minutes=1), facts={"reason": "no_answer"})
    before = Case.objects.get(pk=case.pk).last_seq

    with pytest.raises(TooFewAttempts) as refused:
        cast.takes(case, "unreached", cast.caller, facts={"reason": "no_answer"})

    assert "there are 1" in refused.value.words.en
    assert Case.objects.get(pk=case.pk).last_seq == before
    for _ in range(2):
        cast.takes(case, "attempt", cast.caller, at=cast.later(hours=2), facts={"reason": "no_answer"})
    cast.takes(case, "unreached", cast.caller, facts={"reason": "no_answer"})
    assert Case.objects.get(pk=case.pk).state == "closed"


def test_a_time_that_another_door_put_far_away_hides_no_call() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair", at=moment("2007-06-05 09:00")))
    far = {"reason": "later", "ring_at": "2099-01-01T00:00:00.000000Z"}
    cast.takes(case, "attempt", cast.caller, at=moment("2007-06-05 10:00"), facts=far)
    cast.now = moment("2007-06-05 15:00")

    (only,) = the_line(cast).turns

    assert (only.why, only.ready(cast.now)) == (Why.due, True)
