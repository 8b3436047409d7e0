"""What the documents say is there, is there: links lead somewhere, commands exist."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bihuan.commands import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMAND = re.compile(r"`bihuan ([a-z]+)")


def _documents() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", "*.md"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    return sorted(name for name in listed.split("\0") if name and (ROOT / name).is_file())


@pytest.mark.parametrize("document", _documents())
def test_every_relative_link_leads_somewhere(document: str) -> None:
    page = ROOT / document
    targets = [target.partition("#")[0] for target in LINK.findall(page.read_text(encoding="utf-8"))]
    relative = [target for target in targets if target and ":" not in target]

    assert [target for target in relative if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("document", ["README.md", "README.zh-CN.md"])
def test_every_command_that_a_readme_names_exists(document: str) -> None:
    named = set(COMMAND.findall((ROOT / document).read_text(encoding="utf-8")))

    assert named
    assert named - {command.name for command in COMMANDS} == set()
