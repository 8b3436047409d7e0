"""Every text of the pages is there in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po

import bihuan

SOURCE = Path(bihuan.__file__).parent
CATALOGUE = SOURCE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"

TRANSLATE = re.compile(r"""\{%\s*translate\s+(?:"([^"]*)"|'([^']*)')""")
BLOCK = re.compile(r"\{%\s*blocktranslate[^%]*%\}(.*?)\{%\s*(?:plural|endblocktranslate)\s*%\}", re.DOTALL)
CALL = re.compile(r"""\b_?gettext(?:_lazy)?\(\s*((?:"[^"]*"\s*)+)""")
INSIDE = re.compile(r"""\b_\(\s*(?:"([^"]*)"|'([^']*)')\s*\)""")


def used() -> set[str]:
    """The English of every text in templates and views."""
    found: set[str] = set()
    for page in (SOURCE / "web").rglob("*.html"):
        text = page.read_text("utf-8")
        found |= {one or other for one, other in TRANSLATE.findall(text) + INSIDE.findall(text)}
        found |= {re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", body) for body in BLOCK.findall(text)}
    for view in (SOURCE / "web").rglob("*.py"):
        for call in CALL.findall(view.read_text("utf-8")):
            found.add("".join(re.findall(r'"([^"]*)"', call)))
    return found


def test_every_text_has_its_chinese() -> None:
    with CATALOGUE.open("rb") as file:
        known = {
            message.id if isinstance(message.id, str) else message.id[0]: message.string
            for message in read_po(file, locale="zh_Hans")
            if message.id
        }

    missing = sorted(text for text in used() if not known.get(text))

    assert missing == []
    assert len(used()) > 100
