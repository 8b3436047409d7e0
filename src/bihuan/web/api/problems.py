"""What a client is told when something was refused: problem details (RFC 9457) in the language it asked for."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from bihuan.flow.rules.refusals import (
    ClientIdReused,
    NotHere,
    NotIndependent,
    NotPermitted,
    NotSuspended,
    OutOfOrder,
    StalePage,
    TooFewAttempts,
    TooMuch,
    TooOften,
)
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

MEDIA_TYPE = "application/problem+json"
View = Callable[..., HttpResponseBase]

STATUS: dict[type[BihuanError], int] = {
    ClientIdReused: 409,
    StalePage: 409,
    OutOfOrder: 409,
    TooFewAttempts: 409,
    TooOften: 409,
    TooMuch: 409,
    NotHere: 409,
    NotSuspended: 409,
    NotPermitted: 403,
    NotIndependent: 403,
}
"""Every other refusal says that what was sent can't be: 422."""

TITLES = {
    400: Words(zh="请求无法读取", en="The request can't be read"),
    401: Words(zh="未认证", en="Not signed in"),
    403: Words(zh="无权进行", en="Not permitted"),
    405: Words(zh="不支持该方法", en="Not a method of this address"),
    404: Words(zh="不存在", en="Not found"),
    409: Words(zh="与现状冲突", en="In conflict with how things are"),
    413: Words(zh="请求过大", en="Too big"),
    422: Words(zh="内容不能接受", en="What was sent can't be accepted"),
    500: Words(zh="系统内部错误", en="A fault of ours"),
}


class UnknownHere(BihuanError):
    """Nothing of this name is there, or nothing that this token may see."""


class CaseNotFound(UnknownHere):
    """No case of this number within the token's scope."""

    def __init__(self, number: str) -> None:
        super().__init__(
            Words(zh=f"没有工单“{number}”。", en=f"There is no case “{number}”."), field="number"
        )


class PermissionMissing(BihuanError):
    """None of the posts of the token's holder has the permission."""

    def __init__(self, permission: str) -> None:
        super().__init__(
            Words(
                zh=f"令牌持有人的岗位没有权限“{permission}”。",
                en=f"No post of the token's holder has the permission “{permission}”.",
            )
        )


def status_of(refusal: BihuanError) -> int:
    """The HTTP status that says it best."""
    if isinstance(refusal, UnknownHere):
        return 404
    if isinstance(refusal, PermissionMissing):
        return 403
    return next((status for kind, status in STATUS.items() if isinstance(refusal, kind)), 422)


def problem(status: int, code: str, detail: Words, *, field: str | None = None, **more: Any) -> HttpResponse:
    """A response in the form of RFC 9457, with the code of the refusal and the field it is about."""
    language = get_language() or "zh-hans"
    told = {
        "type": f"urn:bihuan:problem:{code}",
        "title": TITLES.get(status, TITLES[400]).in_language(language),
        "status": status,
        "detail": detail.in_language(language),
        "code": code,
        "field": field,
        **more,
    }
    # What a client sent may be in it, half a character too.
    body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    return HttpResponse(body, status=status, content_type=MEDIA_TYPE)


def as_problem(view: View) -> View:
    """A view whose answer to a wrong method is a problem too, and none of whose answers is kept on the way."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **given: Any) -> HttpResponseBase:
        answer = view(request, *args, **given)
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = answer["Allow"]
            words = Words(zh=f"此地址只支持 {allowed}。", en=f"This address takes {allowed} only.")
            answer = problem(405, "method_not_allowed", words)
            answer["Allow"] = allowed
        answer.setdefault("Cache-Control", "no-store")
        return answer

    return told


@csrf_exempt
def no_such_address(request: HttpRequest) -> HttpResponse:
    """For addresses that the API doesn't have."""
    return problem(404, "no_such_address", Words(zh="没有这个地址。", en="There is no such address."))


def tell_problems(api: NinjaAPI) -> None:
    """Let everything that is raised in a view become a problem."""
    api.add_exception_handler(BihuanError, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, _unknown_caller)
    api.add_exception_handler(HttpError, _unreadable)
    api.add_exception_handler(RequestDataTooBig, _too_big)
    api.add_exception_handler(UnreadablePostError, _broken_off)
    api.add_exception_handler(Exception, _fault)


def _refused(request: HttpRequest, refusal: BihuanError | type[BihuanError]) -> HttpResponse:
    if isinstance(refusal, type):
        raise TypeError(refusal)
    more = {"last_seq": refusal.seq} if isinstance(refusal, StalePage) else {}
    return problem(status_of(refusal), refusal.code, refusal.words, field=refusal.field, **more)


def _invalid(request: HttpRequest, fault: Any) -> HttpResponse:
    errors = [
        {"field": _field(one["loc"]), "code": str(one["type"]), "detail": str(one["msg"])}
        for one in fault.errors
    ]
    fields = dict.fromkeys(str(one["field"]) for one in errors)
    first = errors[0]["detail"] if errors else ""
    return problem(
        422,
        "invalid_request",
        Words(
            zh=f"请求内容不符合接口定义：{'、'.join(fields)}。",
            en=f"Not as the API declares it: {', '.join(fields)}: {first}.",
        ),
        field=str(errors[0]["field"]) if errors else None,
        errors=errors,
    )


def _field(place: tuple[str | int, ...]) -> str:
    """Where in the request: the argument's name says nothing to the client, the names below it do."""
    return ".".join(str(part) for part in place[2:] or place[-1:])


def _unknown_caller(request: HttpRequest, fault: Any) -> HttpResponse:
    response = problem(
        401,
        "unauthenticated",
        Words(
            zh="请在请求头 Authorization 中提供有效的令牌（Bearer）。",
            en="Send a token that is in force in the header Authorization, as Bearer.",
        ),
    )
    response["WWW-Authenticate"] = 'Bearer realm="bihuan"'
    return response


def _unreadable(request: HttpRequest, fault: Any) -> HttpResponse:
    words = Words(zh="请求正文不是可读取的 JSON。", en="The body isn't JSON that can be read.")
    return problem(fault.status_code, "unreadable_request", words)


def _too_big(request: HttpRequest, fault: Any) -> HttpResponse:
    words = Words(zh="请求正文过大。", en="The body is too big.")
    return problem(413, "request_too_big", words)


def _broken_off(request: HttpRequest, fault: Any) -> HttpResponse:
    words = Words(zh="请求正文未传完。", en="The body broke off.")
    return problem(400, "unreadable_request", words)


def _fault(request: HttpRequest, fault: Any) -> HttpResponse:
    """Nobody foresaw it: logged with all it knows, told without."""
    logging.getLogger("django.request").error("%s %s", request.method, request.path, exc_info=fault)
    words = Words(
        zh="系统出错，未做任何更改；错误已记录。",
        en="Something went wrong on our side and was noted; nothing was changed.",
    )
    return problem(500, "internal_fault", words)
