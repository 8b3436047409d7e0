"""`bihuan token`: a key for a person or a machine, shown once, kept as a hash, taken away again."""

from __future__ import annotations

import argparse
import hashlib

import psycopg
import pytest

from bihuan.commands import token
from bihuan.people.models import Actor, ApiToken, Membership
from bihuan.people.queries import token_holder
from tests.cast import FOUNDED, Cast, gather


@pytest.fixture
def cast(db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return gather()


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    token.add(parser)
    return token.run(parser.parse_args(words))


def test_a_token_is_shown_once_and_kept_as_a_hash(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("A1", "--label", "export") == 0

    said = capsys.readouterr()
    shown = said.out.strip()
    assert shown.startswith("bh_")
    assert said.err == "Keep it safe: the token is shown only this once.\n"
    kept = ApiToken.objects.get()
    assert (kept.hash, kept.label) == (hashlib.sha256(shown.encode()).hexdigest(), "export")
    found = token_holder(shown, FOUNDED)
    assert found is not None
    assert found[0] == cast.agent.actor


def test_a_revoked_token_opens_nothing(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    run("A1", "--label", "export")
    shown = capsys.readouterr().out.strip()

    assert run("A1", "--label", "export", "--revoke") == 0

    assert token_holder(shown, FOUNDED) is None
    with pytest.raises(token.NoSuchToken):
        run("A1", "--label", "export", "--revoke")


def test_a_machine_is_appointed_once(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    for label in ("one", "two"):
        assert run("gis", "--machine", "--unit", "CQ", "--post", "agent", "--label", label) == 0

    machine = Actor.objects.get(kind="machine")
    assert [(held.unit, held.post_id) for held in Membership.objects.filter(actor=machine)] == [
        (cast.company, "agent")
    ]
    assert ApiToken.objects.filter(actor=machine).count() == 2


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("Z9", "--label", "x"), token.NobodyOfThisNumber),
        (("gis", "--machine", "--label", "x"), token.NoSuchPlace),
        (("gis", "--machine", "--unit", "CQ", "--post", "king", "--label", "x"), token.NoSuchPlace),
    ],
)
def test_what_is_not_there_is_named_and_nothing_is_issued(
    cast: Cast, words: tuple[str, ...], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        run(*words)

    assert ApiToken.objects.count() == 0
    assert not Actor.objects.filter(kind="machine").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE people_apitoken SET actor_id = actor_id",
        "UPDATE people_apitoken SET hash = ''",
        "DELETE FROM people_apitoken",
        "TRUNCATE people_apitoken",
    ],
)
def test_a_token_cannot_be_given_to_somebody_else(
    transactional_db: None, app: psycopg.Connection, attack: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(attack)
