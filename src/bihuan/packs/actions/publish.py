"""Publish a text of a pack, copy a pack, put packs in order: each with effect from a later day, by somebody, for a reason."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection, transaction

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.packs import queries
from bihuan.packs.models import Adoption, PackVersion
from bihuan.packs.queries import versions
from bihuan.packs.rules import PackFault, may_begin, renamed
from bihuan.people.models import Actor

LONGEST_TEXT = 200_000
_CODE = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
_LOCK = "packs"
_RESERVED = ("calendars", "callbacks", "compare", "copy", "order", "trials")
"""Folders beside the packs, and pages that stand where a pack's page would."""


class BeginsTooEarly(BihuanError):
    """A text or an order may only take effect on a later day: what has started stays as it began."""

    def __init__(self, today: date) -> None:
        super().__init__(
            Words(
                zh=f"生效日期应晚于今天（{today}），且不超过十年：已开始计时的工单沿用原承诺。",
                en=f"It may take effect after today ({today}), within ten years: clocks that have started keep their promise.",
            ),
            field="effective_from",
        )


class ReasonMissing(BihuanError):
    """Whoever changes a promise says why."""

    def __init__(self) -> None:
        super().__init__(
            Words(zh="请写明修改理由（400 字以内）。", en="Say why, in at most 400 characters."), field="why"
        )


class NothingChanged(BihuanError):
    """The text is what it was."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="文本与原版本相同，没有可发布的修改。",
                en="The text is the same as before; nothing to publish.",
            ),
            field="text",
        )


class PackMovedOn(BihuanError):
    """Somebody else has published a version since the one that this text was made from."""

    def __init__(self, newest: str) -> None:
        super().__init__(
            Words(
                zh=f"编辑期间已有新版本 {newest} 发布；请对照差异后，在新版本上重做。您的文本仍在下方。",
                en=f"Version {newest} was published meanwhile; compare, and make the change on it. Your text is kept below.",
            ),
            field="based_on",
        )
        self.newest = newest


class CodeTaken(BihuanError):
    """A copy needs a code of its own."""

    def __init__(self, code: str) -> None:
        super().__init__(
            Words(
                zh=f"代码“{code}”已被使用或不合规（小写字母、数字、连字符，最长 40 位）。",
                en=f"The code '{code}' is taken, or isn't made of small letters, digits and hyphens (at most 40).",
            ),
            field="code",
        )


class UnfitOrder(BihuanError):
    """The order names a pack twice, none, or one that doesn't hold on the day on which the order begins."""

    def __init__(self, words: Words) -> None:
        super().__init__(words, field="packs")


@transaction.atomic
def publish(
    *, code: str, text: str, based_on: str, effective_from: date, why: str, by: Actor, at: datetime
) -> PackVersion:
    """Add a version of a pack. `based_on` names the version that the text was made from, and must still be the newest.

    Raises `PackFault`, `BeginsTooEarly`, `ReasonMissing`, `NothingChanged`, `PackMovedOn`, `PackUnknown`; then nothing is written.
    """
    _lock()
    newest = versions.versions(code)[0]
    if newest.name != based_on:
        raise PackMovedOn(newest.name)
    text = _tidied(code, text)
    if text == _tidied(code, newest.text):
        raise NothingChanged
    return _append(
        code=code,
        number=newest.number + 1,
        based_on=based_on,
        text=text,
        effective_from=effective_from,
        why=why,
        by=by,
        at=at,
    )


@transaction.atomic
def copy_version(
    *,
    source: str,
    number: int,
    code: str,
    title: Words,
    effective_from: date,
    why: str,
    by: Actor,
    at: datetime,
) -> PackVersion:
    """Make a pack of one's own from a version of another: the same promises under a new code and title.

    It promises nothing until an order adopts it. Raises `CodeTaken`, `CantRewrite`, and what `publish` raises.
    """
    _lock()
    if not _CODE.fullmatch(code) or len(code) > 40 or code in (*versions.codes(), *_RESERVED):
        raise CodeTaken(code)
    original = versions.version(source, number)
    return _append(
        code=code,
        number=1,
        based_on=original.name,
        text=_tidied(code, renamed(original.text, code=code, title=title)),
        effective_from=effective_from,
        why=why,
        by=by,
        at=at,
    )


@transaction.atomic
def adopt(*, packs: Sequence[str], effective_from: date, why: str, by: Actor, at: datetime) -> Adoption:
    """Say which packs apply from a day on, in the order in which they win.

    Raises `UnfitOrder`, `BeginsTooEarly`, `ReasonMissing`.
    """
    _lock()
    reason = _checked(effective_from, why, at)
    if not packs or len(set(packs)) != len(packs):
        raise UnfitOrder(
            Words(zh="请列出至少一个承诺包，每个一次。", en="Name at least one pack, each once.")
        )
    known = versions.codes()
    for code in packs:
        if code not in known or versions.in_force_on(code, effective_from) is None:
            raise UnfitOrder(
                Words(
                    zh=f"承诺包“{code}”在 {effective_from} 尚无生效版本。",
                    en=f"The pack '{code}' has no version in force on {effective_from}.",
                )
            )
    kept = Adoption.objects.create(
        packs=list(packs), effective_from=effective_from, why=reason, by=by, recorded_at=at
    )
    transaction.on_commit(queries.forget)
    return kept


def _append(
    *,
    code: str,
    number: int,
    based_on: str,
    text: str,
    effective_from: date,
    why: str,
    by: Actor,
    at: datetime,
) -> PackVersion:
    reason = _checked(effective_from, why, at)
    queries.parse(code, text)
    kept = PackVersion.objects.create(
        code=code,
        number=number,
        based_on=based_on,
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        effective_from=effective_from,
        why=reason,
        by=by,
        recorded_at=at,
    )
    transaction.on_commit(queries.forget)
    return kept


def _lock() -> None:
    """One publication at a time, so that none is made on a version that is no longer the newest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])


def _checked(effective_from: date, why: str, at: datetime) -> str:
    today = at.astimezone(queries.calendar().zone).date()
    if not may_begin(effective_from, today=today):
        raise BeginsTooEarly(today)
    reason = why.strip()
    if not 0 < len(reason) <= 400:
        raise ReasonMissing
    return reason


def _tidied(code: str, text: str) -> str:
    """With one kind of line end, as a browser's form has another one than a file."""
    if len(text) > LONGEST_TEXT or "\x00" in text:
        raise PackFault(
            f"{code}/pack.toml",
            "",
            Words(
                zh=f"应不超过 {LONGEST_TEXT} 个字符",
                en=f"a text of at most {LONGEST_TEXT} characters",
            ),
        )
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"
