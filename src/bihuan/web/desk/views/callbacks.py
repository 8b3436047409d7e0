"""The callback desk: the next call is chosen and claimed, what was said is written down, and the next one comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from bihuan.cases import queries as cases
from bihuan.cases.models import Case, Cycle
from bihuan.flow import actions as flow
from bihuan.flow.rules.refusals import StalePage
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.fact import parse_moment
from bihuan.kernel.step import Step
from bihuan.loops.catalogue import loop as loop_of
from bihuan.people import queries as people
from bihuan.people.models import Unit
from bihuan.promises import queries as promises
from bihuan.promises.models import Clock
from bihuan.supply import actions as supply
from bihuan.surveys import actions as surveys
from bihuan.surveys import queries
from bihuan.surveys.rules.calling import Turn, Why, agreed, offered
from bihuan.surveys.rules.questions import talks
from bihuan.web.desk import calls, telling
from bihuan.web.desk.forms import StepForm
from bihuan.web.ui import polls
from bihuan.web.ui.visitor import Visitor, allowed, show

SHOWN = 14
"""Calls shown in the line."""

STANDS = timedelta(minutes=1)
"""So long the line may be shown while nobody does anything: quiet hours end, and times that customers asked for come."""


@dataclass(frozen=True, slots=True)
class Row:
    """A call of the line as it is shown."""

    turn: Turn
    case: Case
    clock: Clock | None
    why: str
    holder: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Line(queries.Line):
    """The line with what the page that shows it has seen."""

    glance: str


@require_GET
@allowed("callback.do")
def callbacks(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The next call, or the one that is named. Coming here claims it for ten minutes, so that nobody else is offered it."""
    line = _line(visitor)
    number = request.GET.get("number", "")
    if number:
        named = _owed_case(visitor, number)
        surveys.claim(wanted=[(named.pk, named.last_seq)], by=visitor.staff.actor, at=visitor.now)
        return _desk(request, visitor, line, named)
    offers = offered(line.turns, actor_id=visitor.staff.actor_id, at=visitor.now)
    taken = surveys.claim(
        wanted=[(one.case_id, one.seq) for one in offers], by=visitor.staff.actor, at=visitor.now
    )
    case = _owed_case(visitor, line.rounds[taken].case.number) if taken else None
    return _desk(request, visitor, line, case)


@require_GET
@allowed("callback.do")
def callback_line(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The line and the day alone, as the page asks for them again and again; claims nothing."""
    if polls.unchanged(request, _touching(visitor), at=visitor.now, more=queries.claims_told(visitor.now)):
        return HttpResponse(status=204)
    context = _line_context(visitor, _line(visitor)) | {"at": request.GET.get("at", "")}
    return show(request, visitor, "desk/callbacks/line.html", context)


@require_POST
@allowed("callback.do")
def hold(request: HttpRequest, visitor: Visitor, number: str) -> HttpResponse:
    """The page is still open: hold the case for another lease, or say who has it now."""
    case = _still_owed(visitor, number)
    held = case is not None and surveys.renew(case_id=case.pk, by=visitor.staff.actor, at=visitor.now)
    holder = "" if held or case is None else _holder(case, visitor)
    context: dict[str, object] = {"held": held, "holder": holder, "number": number}
    return show(request, visitor, "desk/callbacks/held.html", context)


@require_POST
@allowed("callback.do")
def release(request: HttpRequest, visitor: Visitor, number: str) -> HttpResponse:
    """Give the case back for somebody else, and go to the line without taking another."""
    case = _owed_case(visitor, number)
    surveys.release(case_id=case.pk, by=visitor.staff.actor, at=visitor.now)
    messages.success(request, gettext("Given back: %(number)s.") % {"number": number})
    return redirect("home")


@require_POST
@allowed("callback.do")
def reveal_call(request: HttpRequest, visitor: Visitor, number: str) -> HttpResponse:
    """Show whom to ring on a confidential case, after having written down who looked."""
    case = _owed_case(visitor, number)
    if case.confidential and visitor.may("case.identity"):
        flow.look(case_id=case.pk, by=visitor.staff.actor, at=visitor.now, why="callback")
        case = cases.with_who_brought(case, visitor.staff.actor_id)
    return _desk(request, visitor, _line(visitor), case, revealed=visitor.may("case.identity"))


@require_POST
@allowed("callback.do")
def add_phone(request: HttpRequest, visitor: Visitor, number: str) -> HttpResponse:
    """A further number of the customer, learnt at a call."""
    case = _owed_case(visitor, number)
    if case.customer is None:
        raise Http404
    digits = request.POST.get("phone", "").strip()
    try:
        supply.add_phone(customer=case.customer, number=digits, kind=request.POST.get("kind", "mobile"))
    except BihuanError as refusal:
        messages.error(request, refusal.words.in_language(_language()))
    else:
        messages.success(request, gettext("Number added: %(phone)s.") % {"phone": digits})
    return redirect(f"{reverse('callbacks')}?number={number}")


@require_POST
@allowed("callback.do")
def end_call(request: HttpRequest, visitor: Visitor, number: str) -> HttpResponse:
    """Write down what came of the call, and go to the next; or show what is wrong with what was typed."""
    case = _still_owed(visitor, number)
    if case is None:
        messages.error(request, gettext("No call is owed on this case any more."))
        return redirect("callbacks")
    declared = loop_of(case.loop).step(request.POST.get("step", ""))
    if declared is None:
        raise Http404
    rounds = _round(case)
    form = _sent(request, case, rounds, declared, visitor)
    status = 422
    holder = _holder(case, visitor)
    asked = form.stated.get("ring_at") if form.is_valid() else None
    if asked and agreed(parse_moment(str(asked)), visitor.now) is None:
        form.add_error("ring_at", gettext("Give a time after now and within 14 days."))
    if holder:
        status = 409
        form.is_valid()
        form.add_error(
            None, gettext("%(who)s has this call before him now; nothing was written.") % {"who": holder}
        )
    elif form.is_valid():
        try:
            flow.end_call(
                case_id=case.pk,
                step=declared.code,
                by=visitor.staff.actor,
                at=visitor.now,
                recorded_at=visitor.now,
                facts=form.stated,
                notes=form.notes,
                expected_seq=form.cleaned_data.get("expected_seq") or case.last_seq,
                client_id=form.again,
                sheet=form.sheet if isinstance(form, calls.TalkForm) else None,
                answers=form.answers if isinstance(form, calls.TalkForm) else None,
            )
        except BihuanError as refusal:
            status = 409 if isinstance(refusal, StalePage) else 422
            _blame(form, refusal)
        else:
            done = {"step": declared.title.in_language(_language()), "number": number}
            messages.success(request, gettext("%(number)s: %(step)s.") % done)
            return redirect("callbacks")
    return _desk(request, visitor, _line(visitor), case, typed=form, status=status)


def _sent(
    request: HttpRequest, case: Case, rounds: Cycle, step: Step, visitor: Visitor
) -> StepForm | calls.TalkForm:
    sheet = queries.asked_on(case.loop, timezone.localtime(visitor.now).date())
    if sheet is not None and step in talks(loop_of(case.loop)):
        return calls.talk_form(case, rounds, sheet, request.POST, step)
    lists = calls.numbers_for_form(case)
    return StepForm(step, request.POST, seq=case.last_seq, at=False, lists=lists)


def _desk(
    request: HttpRequest,
    visitor: Visitor,
    line: Line,
    case: Case | None,
    *,
    typed: StepForm | None = None,
    revealed: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = _line_context(visitor, line)
    if case is not None:
        holder = _holder(case, visitor)
        shown = not case.confidential or revealed
        call = (
            None
            if holder and typed is None
            else calls.call_of(case, _round(case), visitor, typed=typed, shown=shown)
        )
        loop = loop_of(case.loop)
        lines = cases.lines(case.pk)
        names = people.names_of({one.entry.actor_id for one in lines})
        units = {unit.code: unit for unit in Unit.objects.filter(code__in=telling.unit_codes(lines))}
        clocks = [one for one in promises.clocks_of(case.pk) if one.cycle == case.cycle]
        turn = next((one for one in line.turns if one.waiting.case_id == case.pk), None)
        context |= {
            "case": case,
            "call": call,
            "holder": holder,
            "entries": telling.timeline(loop, lines, names, units),
            "clocks": [one for one in clocks if one.promise == "callback-owed"],
            "not_yet": turn if turn is not None and not turn.ready(visitor.now) else None,
            "not_yet_why": _why(turn) if turn is not None else "",
            "acts": call is not None and shown,
            "revealed": revealed,
            "identity": False,
            "typed": typed,
        }
    return show(request, visitor, "desk/callbacks/desk.html", context, status=status)


def _touching(visitor: Visitor) -> QuerySet[Case]:
    """The cases whose change may change the line or the day: what was carried out."""
    done = Cycle.objects.filter(case=OuterRef("pk"), done_at__isnull=False)
    return cases.visible(visitor.scope("callback.do")).filter(Exists(done))


def _line(visitor: Visitor) -> Line:
    glance = polls.glance(
        _touching(visitor),
        at=visitor.now,
        until=visitor.now + STANDS,
        more=queries.claims_told(visitor.now),
    )
    told = queries.line(
        promises.calls_owed(visitor.scope("callback.do")),
        at=visitor.now,
        actor_id=visitor.staff.actor_id,
        bureaus=[held.bureau_id for held in visitor.held if held.bureau_id],
    )
    return Line(told.turns, told.rounds, glance)


def _line_context(visitor: Visitor, line: Line) -> dict[str, object]:
    seen = visitor.scope("callback.do")
    turns = line.turns[:SHOWN]
    waiting = {one.case.pk: one for one in promises.with_clocks(_rounds(line, turns))}
    names = people.names_of({one.waiting.claimed_by for one in turns if one.waiting.claimed_by})
    midnight = timezone.localtime(visitor.now).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "rows": [_row(one, line, waiting, names, visitor) for one in turns],
        "ready": sum(one.ready(visitor.now) for one in line.turns),
        "owed": promises.calls_owed(seen).count(),
        "day": queries.day(seen, midnight, visitor.staff.actor_id),
        "quiet": _quiet(visitor.now),
        "glance": line.glance,
    }


def _rounds(line: Line, turns: tuple[Turn, ...]) -> list[Cycle]:
    return [line.rounds[one.waiting.case_id] for one in turns]


def _row(
    turn: Turn,
    line: Line,
    waiting: dict[UUID, promises.Owed],
    names: dict[UUID, str],
    visitor: Visitor,
) -> Row:
    one = turn.waiting
    mine = one.claimed_by == visitor.staff.actor_id
    holder = names.get(one.claimed_by, "") if one.claimed_by and not mine else ""
    return Row(
        turn=turn,
        case=line.rounds[one.case_id].case,
        clock=waiting[one.case_id].clock,
        why="" if turn.ready(visitor.now) else _why(turn),
        holder=holder,
        mine=mine,
    )


def _why(turn: Turn) -> str:
    """Why a call waits, in words."""
    return {
        Why.own_time: gettext("the customer asked for this time"),
        Why.later: gettext("the customer asked for this time"),
        Why.spaced: gettext("attempts apart"),
        Why.quiet: gettext("quiet hours"),
        Why.due: gettext("due"),
    }[turn.why]


def _quiet(at: datetime) -> str:
    """The quiet hours that hold now for every kind, or nothing."""
    zone = timezone.get_current_timezone()
    day = timezone.localtime(at).date()
    duties = [duty for duty in queries.book().duties if duty.valid_on(day) and duty.share]
    if duties and all(duty.is_quiet(at, zone) for duty in duties):
        return ", ".join(str(one) for one in duties[0].quiet)
    return ""


def _still_owed(visitor: Visitor, number: str) -> Case | None:
    """The case of this number while a call is owed on it; raises Http404 when the scope shows no such case."""
    seen = visitor.scope("callback.do")
    case = cases.by_number(number, seen)
    if case is None:
        raise Http404
    if not promises.calls_owed(seen).filter(case=case).exists():
        return None
    # Who has looked within the hour goes on with the call under way; everybody else learns nothing here.
    return cases.with_who_brought(case, visitor.staff.actor_id) if case.confidential else case


def _owed_case(visitor: Visitor, number: str) -> Case:
    case = _still_owed(visitor, number)
    if case is None:
        raise Http404
    return case


def _round(case: Case) -> Cycle:
    return cases.cycles(case.pk)[-1]


def _holder(case: Case, visitor: Visitor) -> str:
    """Who else has the case before him now."""
    claim = queries.claims_of([case.pk], visitor.now).get(case.pk)
    if claim is None or claim.actor_id == visitor.staff.actor_id:
        return ""
    return people.names_of([claim.actor_id]).get(claim.actor_id, claim.actor.label)


def _blame(form: StepForm, refusal: BihuanError) -> None:
    field = refusal.field if refusal.field in form.fields else None
    if field is None and f"{calls.EXTRA}{refusal.field}" in form.fields:
        field = f"{calls.EXTRA}{refusal.field}"
    form.add_error(field, refusal.words.in_language(_language()))


def _language() -> str:
    return get_language() or "zh-hans"
