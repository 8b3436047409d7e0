"""Tokens of the API: issued, shown once, revoked."""

from __future__ import annotations

import secrets
from datetime import datetime

from bihuan.people.models import Actor, ApiToken
from bihuan.people.rules import token_hash

PREFIX = "bh_"
"""By which a token that got lost somewhere can be recognised."""


def issue_token(*, actor: Actor, label: str, created_at: datetime) -> str:
    """A new token for somebody, who may do with it what his posts allow. It can't be shown a second time."""
    token = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(actor=actor, hash=token_hash(token), label=label, created_at=created_at)
    return token


def revoke_tokens(*, actor: Actor, label: str, at: datetime) -> int:
    """Let somebody's tokens of this label work no longer; gives how many there were."""
    return ApiToken.objects.filter(actor=actor, label=label, revoked_at=None).update(revoked_at=at)
