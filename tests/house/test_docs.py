"""Pages printed from the declarations are current."""

from __future__ import annotations

import pytest

from tools.docs import DOCS, pages

PRINTED = pages()


@pytest.mark.parametrize("place", sorted(page.relative_to(DOCS).as_posix() for page in PRINTED))
def test_a_printed_page_is_current(place: str) -> None:
    page = DOCS / place

    assert page.is_file(), "run `make docs`"
    assert page.read_text(encoding="utf-8") == PRINTED[page], "run `make docs`"


def test_no_page_is_left_of_a_declaration_that_is_gone() -> None:
    folders = {page.parent for page in PRINTED}

    assert {page for folder in folders for page in folder.glob("*.md")} == set(PRINTED)
