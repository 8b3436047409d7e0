"""`bihuan token`: gives a person or a machine a key to the API, and takes it away again."""

from __future__ import annotations

import argparse

from django.utils import timezone

from bihuan.commands.say import progress, result
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.people import actions, queries
from bihuan.people.models import Actor, Post, Unit

EPILOG = """\
The token is printed once and can't be shown again. It may do what its holder's posts allow, no more.

  bihuan token A1001 --label "night export"
  bihuan token gis --machine --unit CQ --post agent --label "fault reports of the GIS"
  bihuan token A1001 --label "night export" --revoke
"""


class NobodyOfThisNumber(BihuanError):
    """There is no such person, or the person can no longer sign in."""

    def __init__(self, number: str) -> None:
        super().__init__(
            Words(
                zh=f"没有工号为“{number}”的在职人员。",
                en=f"Nobody who may sign in has the number “{number}”.",
            ),
            field="number",
        )


class NoSuchPlace(BihuanError):
    """The unit or the post of a machine isn't there."""

    def __init__(self, field: str, given: str | None, known: str) -> None:
        super().__init__(
            Words(
                zh=f"系统须有单位与岗位：--{field} “{given or ''}”不存在。可用：{known}。",
                en=f"A machine needs a unit and a post: --{field} “{given or ''}” isn't there. Known: {known}.",
            ),
            field=field,
        )


class NoSuchToken(BihuanError):
    """There is nothing to revoke."""

    def __init__(self, label: str) -> None:
        super().__init__(
            Words(zh=f"没有名为“{label}”的有效令牌。", en=f"No token in force is called “{label}”."),
            field="label",
        )


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of `token`."""
    parser.epilog = EPILOG
    parser.add_argument("number", metavar="NUMBER", help="whose: a staff number, or a machine's name")
    parser.add_argument("--label", required=True, metavar="L", help="what the token is for")
    parser.add_argument("--machine", action="store_true", help="NUMBER names an outside system")
    parser.add_argument("--unit", metavar="CODE", help="with --machine: the unit it acts for")
    parser.add_argument("--post", metavar="POST", help="with --machine: the post it holds there")
    parser.add_argument("--revoke", action="store_true", help="let the tokens of this label work no longer")


def run(args: argparse.Namespace) -> int:
    """Print a new token, or revoke."""
    now = timezone.now()
    actor = _machine(args) if args.machine else _person(args.number)
    if args.revoke:
        if not actions.revoke_tokens(actor=actor, label=args.label, at=now):
            raise NoSuchToken(args.label)
        progress(Words(zh="已吊销。", en="Revoked."))
        return 0
    result(actions.issue_token(actor=actor, label=args.label, created_at=now))
    progress(
        Words(zh="请妥善保存：令牌只显示这一次。", en="Keep it safe: the token is shown only this once.")
    )
    return 0


def _person(number: str) -> Actor:
    person = queries.staff_by_number(number)
    if person is None:
        raise NobodyOfThisNumber(number)
    return person.actor


def _machine(args: argparse.Namespace) -> Actor:
    """The machine's actor, appointed to its post unless it holds it already."""
    now = timezone.now()
    if args.revoke:
        return actions.machine_actor(label=args.number)
    unit = queries.unit_by_code(args.unit or "")
    if unit is None:
        units = Unit.objects.filter(kind__in=("company", "service_centre", "bureau")).order_by("path")
        raise NoSuchPlace("unit", args.unit, ", ".join(units.values_list("code", flat=True)))
    posts = list(Post.objects.order_by("code").values_list("code", flat=True))
    if args.post not in posts:
        raise NoSuchPlace("post", args.post, ", ".join(posts))
    actor = actions.machine_actor(label=args.number)
    held = queries.memberships(actor.pk, now)
    if not any((one.unit_id, one.post) == (unit.pk, args.post) for one in held):
        actions.appoint(actor=actor, unit=unit, post=args.post, starts_at=now, recorded_at=now)
    return actor
