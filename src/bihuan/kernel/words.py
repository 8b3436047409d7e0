"""A text in both languages of the house, for code that knows no gettext."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The same sentence in Chinese and in English."""

    zh: str
    en: str

    def in_language(self, code: str) -> str:
        """English for `en` and its variants, Chinese for every other language."""
        return self.en if code.lower().startswith("en") else self.zh
