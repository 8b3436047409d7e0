"""The report to print: A4 by Typst, with the one font that `make setup` fetched, so that it looks the same everywhere."""

from __future__ import annotations

import json
from pathlib import Path

import typst
from django.conf import settings

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.reports.layouts.sheet import sheet
from bihuan.reports.rules import Report

PAPER = Path(__file__).with_name("weekly.typ")


class FontsMissing(BihuanError):
    """The font isn't there."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            Words(
                zh=f"{folder} 中没有字体；请运行 make setup。",
                en=f"There are no fonts in {folder}; run make setup.",
            )
        )


def draw(report: Report, *, language: str = "zh-hans") -> bytes:
    """The week's report as PDF."""
    fonts = Path(settings.BIHUAN_FONTS_DIR)
    if not any(fonts.glob("*.ttf")):
        raise FontsMissing(fonts)
    data = json.dumps(sheet(report, language=language).plain(), ensure_ascii=False)
    made: bytes = typst.compile(
        str(PAPER), font_paths=[str(fonts)], ignore_system_fonts=True, sys_inputs={"data": data}
    )
    return made
