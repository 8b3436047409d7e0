"""The addresses of the API. Each view asks who it is, calls one action or query, and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import NinjaAPI, Path, Query
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer

from bihuan.cases.models import Case, ClientId
from bihuan.flow import actions as flow
from bihuan.flow.rules.refusals import ClientIdReused, NotPermitted
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.fact import FactInvalid, FactKind, parse_moment
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import Step
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS
from bihuan.loops.catalogue import loop as loop_of
from bihuan.people import queries as people
from bihuan.people.models import Actor
from bihuan.people.rules import Held, Scope, scope
from bihuan.web.api import reads, told
from bihuan.web.api.problems import MEDIA_TYPE, PermissionMissing, tell_problems
from bihuan.web.api.schemas import (
    FIRST_YEAR,
    LAST_YEAR,
    Begin,
    CaseTold,
    FiguresTold,
    LoopTold,
    Page,
    Period,
    Problem,
    Standing,
    Take,
    Which,
)

READ = "case.read"
FIGURES = "figures.read"


class LoopUnknown(BihuanError):
    """There is no such business kind."""

    def __init__(self, code: str) -> None:
        known = ", ".join(loop.code for loop in LOOPS)
        super().__init__(
            Words(
                zh=f"没有业务“{code}”；现有：{known}。", en=f"There is no loop “{code}”; there are {known}."
            ),
            field="loop",
        )


class ArgumentUnknown(BihuanError):
    """The address takes no such argument. A filter that is misspelt must not be passed over."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Words(zh="地址中有未知的参数。", en="There is an argument in the address that isn't known here."),
            field=name,
        )


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, when, and what he holds at that moment."""

    actor: Actor
    held: list[Held]
    at: datetime


class Token(HttpBearer):
    """A token that `bihuan token` has issued; it acts with the posts of its holder."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The holder."""
        now = timezone.now()
        found = people.token_holder(token, now)
        return Caller(*found, now) if found else None


class Api(NinjaAPI):
    """Ninja's, with refusals declared in the form in which they are sent."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """OpenAPI 3.1. Every answer from 400 on is a problem."""
        schema = super().get_openapi_schema(**given)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400:
                        answer["content"] = {MEDIA_TYPE: answer["content"].pop("application/json")}
        return schema


# Tokens come in a header that no foreign page can set: there is nothing to forge, and so no CSRF token.
api = Api(
    title="Bihuan",
    version="1",
    description="Cases from the first call to the customer's word. Say Accept-Language: zh-hans or en.",
    urls_namespace="api",
    docs_url=None,
    auth=Token(),
)
tell_problems(api)

Number = Annotated[str, Path(description="The case's number.")]


def _answers(status: int, what: Any, *refusals: int) -> dict[int, Any]:
    return {status: what} | dict.fromkeys((400, 401, 403, 422, *refusals), Problem)


@api.post("/cases", response=_answers(201, Standing, 409, 413), operation_id="begin", summary="Open a case")
def begin(request: HttpRequest, given: Begin) -> HttpResponse:
    """Takes the loop's first step. What is missing or not allowed is refused by name, and nothing is written."""
    caller = _caller(request)
    by, now = caller.actor, caller.at
    declared = _loop(given.loop)
    seen = scope(caller.held, declared.opening.by)
    if not seen.company and not seen.paths:
        raise NotPermitted(declared.opening)
    _check_moments(declared.opening, given.facts)
    where = reads.place(account=given.account, premises=given.premises, seen=seen)

    def begun(at: datetime) -> Case:
        return flow.begin(
            loop=declared.code,
            by=by,
            at=at,
            recorded_at=now,
            facts=given.facts,
            notes=given.notes,
            client_id=given.client_id,
            held=caller.held if at == now else None,
            **where,
        )

    case = _once(begun, by=by, at=given.at, client_id=given.client_id, now=now)
    answer = told.answer(told.standing_of(case), status=201)
    answer["Location"] = f"{request.path}/{case.number}"
    return answer


@api.post(
    "/cases/{number}/steps",
    response=_answers(200, Standing, 404, 409, 413),
    operation_id="take",
    summary="Take a step on a case",
)
def take(request: HttpRequest, number: Number, given: Take) -> HttpResponse:
    """A case outside of the holder's scope isn't there. Everything else is decided where every step is."""
    caller = _caller(request)
    by, now = caller.actor, caller.at
    key, loop = reads.key_and_loop(number, _seen(caller, READ))
    _check_moments(loop_of(loop).step(given.step), given.facts)

    def taken(at: datetime) -> Case:
        return flow.take(
            case_id=key,
            step=given.step,
            by=by,
            at=at,
            recorded_at=now,
            facts=given.facts,
            notes=given.notes,
            client_id=given.client_id,
            expected_seq=given.expected_seq,
            held=caller.held if at == now else None,
        )

    case = _once(taken, by=by, at=given.at, client_id=given.client_id, now=now)
    return told.answer(told.standing_of(case))


@api.get("/cases", response=_answers(200, Page), operation_id="cases", summary="List cases, newest first")
def cases(request: HttpRequest, which: Annotated[Which, Query()]) -> HttpResponse:
    """Those within the holder's scope."""
    _refuse_strangers(request, Which.model_fields)
    return told.answer(reads.listed(which=which, seen=_seen(_caller(request), READ)))


@api.get(
    "/cases/{number}",
    response=_answers(200, CaseTold, 404),
    operation_id="case",
    summary="Read a case with timeline, cycles and clocks",
)
def case(request: HttpRequest, number: Number) -> HttpResponse:
    """With the standing of its clocks at this moment."""
    caller = _caller(request)
    found = reads.whole(number=number, seen=_seen(caller, READ), held=caller.held, at=caller.at)
    return told.answer(found)


@api.get(
    "/figures",
    response=_answers(200, FiguresTold),
    by_alias=True,
    operation_id="figures",
    summary="The figures of a period",
)
def figures(request: HttpRequest, which: Annotated[Period, Query()]) -> HttpResponse:
    """Of the units within the holder's scope: the whole belongs to those who see all of the company."""
    _refuse_strangers(request, Period.model_fields)
    caller = _caller(request)
    return told.answer(
        reads.figures(
            which=which, seen=_seen(caller, FIGURES), now=caller.at, language=get_language() or "zh-hans"
        )
    )


@api.get("/loops", response=_answers(200, list[LoopTold]), operation_id="loops", summary="The catalogue")
def loops(request: HttpRequest) -> HttpResponse:
    """Every business kind with its steps and the facts they state, in the language asked for."""
    return told.answer([_loop_told(declared, get_language() or "") for declared in LOOPS])


def _caller(request: HttpRequest) -> Caller:
    return request.auth  # type: ignore[attr-defined, no-any-return]


def _loop(code: str) -> Loop:
    found = next((loop for loop in LOOPS if loop.code == code), None)
    if found is None:
        raise LoopUnknown(code)
    return found


def _seen(caller: Caller, permission: str) -> Scope:
    seen = scope(caller.held, permission)
    if not seen.company and not seen.paths:
        raise PermissionMissing(permission)
    return seen


def _once(
    write: Callable[[datetime], Case], *, by: Actor, at: datetime | None, client_id: str | None, now: datetime
) -> Case:
    """Write at `at`, or now. A request repeated without a time means the time of the first one, which was its record time."""
    try:
        return write(at or now)
    except ClientIdReused:
        if at is not None:
            raise
        first = ClientId.objects.get(actor=by, client_id=client_id)
        return write(first.recorded_at)


def _check_moments(step: Step | None, facts: Mapping[str, object]) -> None:
    """A time that no calendar reaches would be a fault of ours further in."""
    for code, value in facts.items():
        fact = step.fact(code) if step else None
        if fact is None or fact.kind is not FactKind.moment:
            continue
        try:
            possible = FIRST_YEAR <= parse_moment(str(value)).year <= LAST_YEAR
        except (ValueError, OverflowError):
            possible = False
        if not possible:
            raise FactInvalid(fact)


def _refuse_strangers(request: HttpRequest, fields: dict[str, Any]) -> None:
    known = {field.alias or name for name, field in fields.items()}
    for name in request.GET:
        if name not in known:
            raise ArgumentUnknown(name)


def _loop_told(declared: Loop, language: str) -> dict[str, Any]:
    return {
        "code": declared.code,
        "title": declared.title.in_language(language),
        "states": [
            {"code": state.code, "title": state.title.in_language(language)} for state in declared.states
        ],
        "steps": [
            {
                "code": step.code,
                "title": step.title.in_language(language),
                "side": str(step.side),
                "permission": step.by,
                "leaves": list(step.leaves),
                "reaches": step.reaches,
                "marks": list(step.marks),
                "ends": step.ends,
                "facts": [
                    {
                        "code": fact.code,
                        "title": fact.title.in_language(language),
                        "kind": str(fact.kind),
                        "needed": fact in step.needs,
                        "choices": [
                            {"code": choice.code, "title": choice.title.in_language(language)}
                            for choice in fact.choices
                        ],
                    }
                    for fact in step.facts
                    if not fact.imported
                ],
            }
            for step in declared.steps
        ],
    }
