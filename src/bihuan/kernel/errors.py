"""What every refusal of the house has: a sentence in both languages, a name, and the field it is about."""

from __future__ import annotations

import re
from typing import ClassVar

from bihuan.kernel.words import Words


class BihuanError(Exception):
    """Something was refused."""

    code: ClassVar[str] = "bihuan_error"

    def __init_subclass__(cls, **given: object) -> None:
        super().__init_subclass__(**given)
        cls.code = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, words: Words, *, field: str | None = None) -> None:
        super().__init__(words.en)
        self.words = words
        self.field = field
