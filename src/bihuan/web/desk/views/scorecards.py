"""A second listener: the calls drawn of each agent's week, the scorecard, and what an agent was given."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.cases import queries as cases
from bihuan.cases.models import Entry
from bihuan.indicators.rules import PeriodRefused, week, week_name
from bihuan.kernel.errors import BihuanError
from bihuan.loops.catalogue import loop as loop_of
from bihuan.packs import queries as packs
from bihuan.people import queries as people
from bihuan.people.models import Unit
from bihuan.surveys import actions
from bihuan.surveys.models import Score
from bihuan.surveys.queries import hearing
from bihuan.surveys.rules.scores import MARKS, Scorecard
from bihuan.web.desk import telling
from bihuan.web.desk.reading import possible
from bihuan.web.desk.sides import sides
from bihuan.web.desk.views.ledger import last_week
from bihuan.web.ui.visitor import Visitor, allowed, show


class ScoreForm(forms.Form):
    """The items of a scorecard, the fatal ones apart, and a remark."""

    def __init__(self, card: Scorecard, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")
        self.card = card
        language = get_language() or "zh-hans"
        words = {0: gettext("missed"), 50: gettext("half"), 100: gettext("full")}
        for item in card.weighted:
            pairs = [(str(mark), words[mark]) for mark in reversed(MARKS)]
            field = forms.ChoiceField(choices=pairs, widget=forms.RadioSelect)
            field.label = f"{item.text.in_language(language)} ({item.weight})"
            field.error_messages["required"] = gettext("Fill in “%(name)s”.") % {"name": field.label}
            self.fields[item.code] = field
        fatal = [(item.code, item.text.in_language(language)) for item in card.fatal]
        self.fields["fatal"] = forms.MultipleChoiceField(
            choices=fatal, widget=forms.CheckboxSelectMultiple, required=False
        )
        self.fields["fatal"].label = gettext("Fatal: any of these makes the whole 0")
        look = forms.Textarea(attrs={"rows": 3, "class": "form-control"})
        self.fields["remark"] = forms.CharField(max_length=500, required=False, widget=look)
        self.fields["remark"].label = gettext("Remark")

    @property
    def marks(self) -> dict[str, int]:
        """Per cent of each item's weight."""
        return {item.code: int(self.cleaned_data[item.code]) for item in self.card.weighted}


@require_GET
@allowed("callback.review", "callback.do")
def scores(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """A week's draw: all agents for a listener, his own for an agent."""
    name = request.GET.get("week", "") or week_name(last_week(visitor.now).first)
    try:
        period = possible(week(name, packs.calendar().zone))
    except PeriodRefused:
        raise Http404 from None
    listens = visitor.may("callback.review")
    seen = visitor.scope("callback.review" if listens else "callback.do")
    over = period.end <= visitor.now
    only = None if listens else visitor.staff.actor_id
    agents = hearing.week(seen, first=period.start, end=period.end, only=only) if over else []
    actors = {agent.actor_id for agent in agents}
    actors |= {score.listener_id for agent in agents for one in agent.drawn for score in one.scores}
    context: dict[str, object] = {
        "agents": agents,
        "names": people.names_of(actors),
        "card": hearing.card_on(period.first),
        "week": name,
        "before": week_name(period.first - timedelta(days=7)),
        "after": week_name(period.first + timedelta(days=7)),
        "over": over,
        "listens": listens,
        "me": visitor.staff.actor_id,
    }
    return show(request, visitor, "desk/callbacks/scores.html", context)


@require_http_methods(["GET", "POST"])
@allowed("callback.review", "callback.do")
def score(request: HttpRequest, visitor: Visitor, number: str, seq: str) -> HttpResponse:
    """One call: what was written down, and the scorecard; an agent reads what he was given for his own."""
    listens = visitor.may("callback.review")
    call = _call(visitor, number, seq, listens=listens)
    card = hearing.card_on(timezone.localtime(call.at).date())
    given = hearing.scores_of(call.case_id, call.seq)
    mine = call.actor_id == visitor.staff.actor_id
    done = any(one.listener_id == visitor.staff.actor_id for one in given)
    form = None
    status = 200
    if card is not None and listens and not mine and not done:
        form = ScoreForm(card, request.POST if request.method == "POST" else None)
        if request.method == "POST":
            status = 422
            if form.is_valid():
                try:
                    kept = actions.score_call(
                        call=call,
                        card=card,
                        marks=form.marks,
                        fatal=form.cleaned_data["fatal"],
                        remark=form.cleaned_data["remark"],
                        listener=visitor.staff.actor,
                        at=visitor.now,
                    )
                except BihuanError as refusal:
                    form.add_error(None, refusal.words.in_language(get_language() or "zh-hans"))
                else:
                    messages.success(request, gettext("Scored: %(total)s.") % {"total": kept.total})
                    return redirect("score", number=number, seq=seq)
    elif request.method == "POST":
        messages.error(request, gettext("You can't score this call: it is your own, or you have scored it."))
        return redirect("score", number=number, seq=seq)
    return show(
        request, visitor, "desk/callbacks/score.html", _context(call, card, given, form, mine), status
    )


def _context(
    call: Entry, card: Scorecard | None, given: list[Score], form: ScoreForm | None, mine: bool
) -> dict[str, object]:
    lines = [line for line in cases.lines(call.case_id) if line.entry.cycle == call.cycle]
    names = people.names_of(
        {line.entry.actor_id for line in lines} | {one.listener_id for one in given} | {call.actor_id}
    )
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=telling.unit_codes(lines))}
    rounds = [one for one in cases.cycles(call.case_id) if one.cycle == call.cycle]
    items = {item.code: item for item in card.items} if card else {}
    language = get_language() or "zh-hans"
    totals = [one.total for one in given]
    return {
        "call": call,
        "case": call.case,
        "card": card,
        "form": form,
        "mine": mine,
        "agent": names.get(call.actor_id, call.actor.label),
        "sides": sides(loop_of(call.case.loop), lines, rounds[-1]) if rounds else [],
        "entries": telling.timeline(loop_of(call.case.loop), lines, names, units),
        "rounds": rounds,
        "spread": max(totals) - min(totals) if len(totals) > 1 else None,
        "given": [
            (
                one,
                names.get(one.listener_id, ""),
                [
                    (items[code].text.in_language(language) if code in items else code, mark)
                    for code, mark in one.marks.items()
                ],
                [items[code].text.in_language(language) if code in items else code for code in one.fatal],
            )
            for one in given
        ],
    }


def _call(visitor: Visitor, number: str, seq: str, *, listens: bool) -> Entry:
    if not seq.isdecimal() or len(seq) > 6:
        raise Http404
    call = hearing.call(visitor.scope("callback.review" if listens else "callback.do"), number, int(seq))
    if call is None or (not listens and call.actor_id != visitor.staff.actor_id):
        raise Http404
    return call
