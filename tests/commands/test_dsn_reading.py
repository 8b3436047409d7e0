"""`bihuan dsn --reading` on a server of somebody's own: the role is theirs to make."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from bihuan.commands import dsn


def test_on_a_server_of_ones_own_the_role_is_not_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BIHUAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BIHUAN_DATABASE_URL", "postgresql://app@db.example/bihuan")
    parser = argparse.ArgumentParser()
    dsn.add(parser)

    with pytest.raises(dsn.NotEmbedded) as refused:
        dsn.run(parser.parse_args(["--reading"]))

    assert "open-data.md" in refused.value.words.en
    assert not (tmp_path / "home").exists()
