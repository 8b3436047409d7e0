"""Two weeks of June hold an example of everything: every kind, step, ending, severity, exception and mismatch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cache

from bihuan.cases.rules import Round
from bihuan.flow.rules import Past
from bihuan.kernel.fact import parse_moment
from bihuan.kernel.loop import Loop
from bihuan.loops import facts
from bihuan.loops.catalogue import LOOPS, loop
from bihuan.loops.steps import BREACH_CAUSE, RESPONSIBILITY
from bihuan.scenarios.rules import Story
from bihuan.surveys import queries as surveys
from bihuan.surveys.rules.statements import KINDS, Statements, mismatches
from tests.cast import moment
from tests.scenarios.test_counts import drawer, promised, rounds_of

LONG = 10
"""Days. A promise of so many isn't broken, explained and judged within a fortnight."""
END = moment("2007-06-18 00:00")
FIRST, LAST = date(2007, 6, 4), date(2007, 6, 17)


def test_every_step_of_every_kind_is_taken() -> None:
    for declared in LOOPS:
        taken = {past.step for story in shown(declared.code) for past in story.history.steps}

        assert {step.code for step in declared.steps} - taken == not_to_be_seen(declared), declared.code


def test_every_ending_of_every_kind_is_reached() -> None:
    for declared in LOOPS:
        endings = {now.ending for story in shown(declared.code) for now in rounds_of(story)}

        assert {step.ending for step in declared.steps if step.ending} <= endings, declared.code


def test_every_severity_and_whoever_can_bring_one() -> None:
    opened = [story.history.steps[0].facts for story in shown("complaint")]

    assert {told["severity"] for told in opened} == {choice.code for choice in facts.SEVERITY.choices}
    assert len({told["origin"] for told in opened}) >= 4


def test_what_has_classes_in_detail_is_classed() -> None:
    for declared in LOOPS:
        if declared.opening.fact("leaf"):
            assert all("leaf" in story.history.steps[0].facts for story in shown(declared.code))


def test_somebody_is_anonymous_and_somebody_declines_wherever_one_may() -> None:
    for declared in LOOPS:
        if declared.step("exempt_call"):
            reasons = {past.facts["reason"] for past in steps("exempt_call", declared.code)}
            assert reasons == {"anonymous", "declined"}, declared.code


def test_nobody_is_named_who_is_anonymous() -> None:
    told = [story for story in shown() if story.history.steps[0].facts.get("callback") == "anonymous"]

    assert all(story.history.customer_id is story.history.account_id is None for story in told)
    assert all(story.history.premises_id for story in told)


def test_every_mismatch_of_statements_is_there() -> None:
    comparisons = surveys.book().comparisons
    found = {
        mismatch.kind
        for story in shown()
        for now in rounds_of(story)
        for mismatch in mismatches(said(story, now), comparisons)
    }

    assert found == set(KINDS)


def test_a_customer_asks_to_be_rung_later_and_is_rung_then() -> None:
    kept = 0
    for story in shown():
        for past, following in zip(story.history.steps, story.history.steps[1:], strict=False):
            if "ring_at" in past.facts and following.step in ("attempt", "confirm", "unreached"):
                kept += 1
                if following.step != "unreached":
                    assert following.at == parse_moment(str(past.facts["ring_at"]))
    assert kept > 5


def test_the_same_matter_three_times_goes_to_supervision() -> None:
    thrice = [story for story in shown() if supervised(story, "repeated")]

    assert {"complaint", "repair"} <= {story.history.loop for story in thrice}
    assert all(story.history.steps[0].facts["repeat_of"] == story.earlier for story in thrice)


def test_a_complaint_that_is_special_goes_to_supervision_at_once() -> None:
    special = [s for s in shown("complaint") if s.history.steps[0].facts["severity"] in ("major", "special")]

    assert len(special) >= 2
    assert all(supervised(story, "severity") for story in special)


def test_panels_decide_for_the_unit_and_against_it() -> None:
    decided = {past.facts["responsibility"] for past in steps("decide", "complaint")}

    assert "utility" in decided
    assert decided & {"customer", "third_party", "none"}
    assert decided <= {choice.code for choice in RESPONSIBILITY.choices}


def test_breaches_are_explained_with_a_cause_of_the_list() -> None:
    causes = [past.facts["cause"] for past in steps("explain_breach")]

    assert len(causes) >= 8
    assert set(causes) <= {choice.code for choice in BREACH_CAUSE.choices}


def test_damage_by_others_is_paid_first_and_recovered_in_part_or_written_off() -> None:
    third = [
        story
        for story in shown("damage")
        if any(past.facts.get("responsibility") == "third_party" for past in story.history.steps)
    ]
    paid, recovered = (
        sum(int(past.facts.get(name, 0)) for story in third for past in story.history.steps)
        for name in ("paid", "recovered")
    )

    assert 0 < recovered < paid
    assert {past.step for story in third for past in story.history.steps} >= {"pay", "recover", "write_off"}


def test_a_tip_off_about_a_bureau_never_goes_to_that_bureau() -> None:
    about = [story for story in shown("tipoff") if "about" in story.history.steps[0].facts]
    to = {
        (past.facts["unit"], story.history.steps[0].facts["about"])
        for story in about
        for past in story.history.steps
        if past.step in ("dispatch", "redirect")
    }

    assert len(about) >= 3
    assert all(unit != spoken_of for unit, spoken_of in to)
    assert "CQ-JC" in {unit for unit, _ in to}


def test_several_callers_of_one_fault_follow_the_main_case() -> None:
    merged = [story for story in shown("repair") if story.main and not has(story, "split")]
    by_number = {story.history.number: story for story in shown("repair")}

    assert len(merged) >= 8
    for story in merged:
        main = by_number[story.main].history
        restored, own = (last(history.steps, "restore") for history in (main, story.history))
        assert own.at == max(restored.at, story.history.steps[0].at)
        assert own.facts["via"] == f"{story.main}#{main.steps.index(restored) + 1}"
        assert has(story, "confirm") or has(story, "unreached")


def not_to_be_seen(declared: Loop) -> set[str]:
    """Steps that nobody can take in June 2007, each with its reason."""
    missing = set()
    at = moment("2007-06-10 12:00")
    if declared.step("leave_out") and not surveys.duty_for(declared.code, at).by_sample:
        missing.add("leave_out")  # everybody of the kind is called back
    owed = [
        promise
        for promise in promised(declared.code, at.date())
        if promise.kind == "step_limit" and promise.keeps != "called"
    ]
    if declared.step("compensate") and not any(promise.compensation for promise in owed):
        missing.add("compensate")  # no promise of that year pays for a breach
    if not owed:
        # nothing was promised of the kind, so nothing can be broken
        missing |= {step.code for step in declared.steps if step.speaks_of}
    limits = [row.limit for promise in owed for row in promise.limits]
    if limits and all(limit.unit == "days" and limit.amount >= LONG for limit in limits):
        # what was brought on the first day is answered late, explained and judged after the fortnight
        missing |= {"explain_breach", "ask_exemption", "grant_exemption", "refuse_exemption"}
    return missing


def said(story: Story, now: Round) -> Statements:
    """What unit, system and customer say in a round."""
    rounds = {"arrive": None, "send_back": None} | {
        past.step: past for past in story.history.steps if past.step in ("arrive", "send_back")
    }
    arrived, back = rounds["arrive"], rounds["send_back"]
    told = now.columns.get("customer_arrived_at")
    return Statements(
        arrived_at=now.moments.get("arrived"),
        arrival_recorded_at=arrived.recorded_at if arrived else None,
        contacted_at=now.moments.get("contacted"),
        customer_arrived_at=told if told is None else parse_moment(str(told)),
        rang_on_arrival=now.columns.get("rang_on_arrival"),  # type: ignore[arg-type]
        contacted_first_day=now.columns.get("contacted_first_day"),  # type: ignore[arg-type]
        untrue=back is not None and back.facts["reason"] == "untrue",
    )


def supervised(story: Story, reason: str) -> bool:
    return any(past.step == "supervise" and past.facts["reason"] == reason for past in story.history.steps)


def has(story: Story, step: str) -> bool:
    return any(past.step == step for past in story.history.steps)


def last(steps: Iterable[Past], name: str) -> Past:
    return [past for past in steps if past.step == name][-1]


def steps(name: str, of: str = "") -> Iterator[Past]:
    return (past for story in shown(of) for past in story.history.steps if past.step == name)


def shown(of: str = "") -> list[Story]:
    """The stories of the two weeks, as `bihuan demo --from 2007-06-04 --weeks 2` plays them."""
    return [story for story in fortnight() if of in ("", story.history.loop)]


@cache
def fortnight() -> list[Story]:
    stories = list(drawer().stories(first=FIRST, last=LAST))
    told = {story.history.number for story in stories if story.history.number}
    assert {story.history.loop for story in stories} == {declared.code for declared in LOOPS}
    assert all(loop(story.history.loop).opening.code == story.history.steps[0].step for story in stories)
    return [until(END, story.knowing(told)) for story in stories]


def until(end: datetime, story: Story) -> Story:
    """As much of the story as is recorded by then."""
    steps = tuple(past for past in story.history.steps if past.recorded_at <= end)
    return replace(story, history=replace(story.history, steps=steps))
