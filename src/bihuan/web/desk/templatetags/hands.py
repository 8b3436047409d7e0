"""Whose turn it is on a case, for a reader who can't go on with it himself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.translation import get_language

from bihuan.cases.models import Case
from bihuan.kernel.step import SAME, START, VERIFICATION, Step
from bihuan.loops.catalogue import loop as loop_of
from bihuan.people.models import Post, PostPermission

register = template.Library()


@register.inclusion_tag("desk/next_hands.html")
def next_hands(case: Case, offered: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """The steps that move the case on from where it is, by the posts that take them; nothing when the reader is offered one.
    Two queries."""
    language = get_language() or "zh-hans"
    if any(_moves(row["step"]) and not row["refused"] for row in offered):
        return {}
    if case.ended_at:
        return {"ended": True}
    steps = [
        step
        for step in loop_of(case.loop).steps_from(case.state)
        if START not in step.leaves and _moves(step)
    ]
    holders: dict[str, list[str]] = defaultdict(list)
    rows = PostPermission.objects.filter(permission__in={step.by for step in steps}).exclude(post="house")
    posts = {
        post.code: post.name_en if language.startswith("en") else post.name_zh for post in Post.objects.all()
    }
    for permission, post in rows.order_by("post_id").values_list("permission", "post_id"):
        holders[permission].append(posts[post])
    return {
        "turns": [(step.title, holders[step.by]) for step in steps if holders[step.by]],
        "independent": any(step.side is VERIFICATION for step in steps),
    }


def _moves(step: Step) -> bool:
    return step.reaches != SAME and not step.exempt and not step.corrects
