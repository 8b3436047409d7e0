"""Charts drawn without a browser: the same ECharts, the same options, run by V8 inside this process, give SVG; Typst makes it PNG.

The engine starts with the first picture (a quarter of a second, 60 to 145 MB) and stays; a process has one, and one thread draws at a
time. It sees no file, no net and no clock of ours, and is stopped when it takes too long or too much. What it loads are the very
files that a browser gets, found by the names that pages ask for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Lock

import typst
from django.conf import settings
from django.contrib.staticfiles import finders
from py_mini_racer import JSEvalException, JSOOMException, JSTimeoutException, MiniRacer

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.reports.layouts.charts import Spec

LOADED = ("vendor/echarts/echarts.min.js", "ui/chart-options.js")
DRAW = Path(__file__).with_name("draw.js")
PAPER = {
    "ink": "#1c2526",
    "soft": "#566365",
    "line": "#dde2e2",
    "sheet": "#ffffff",
    "run": "#0f6b64",
    "good": "#18703a",
    "warn": "#8f5200",
    "bad": "#b3261e",
    "wash": "#e6f2f0",
    # Typst and LibreOffice have the first; who opens the page elsewhere has one of the others.
    "font": "Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif",
    "paper": True,
}
"""The tones of paper: those of a page in daylight (a test holds them against `ui.css`)."""
SECONDS, BYTES = 10.0, 256 * 2**20
"""What one picture may take."""
DOTS = 220
"""A PNG's dots an inch."""

_starting = Lock()


class ChartsMissing(BihuanError):
    """The files that draw charts aren't there."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Words(
                zh=f"没有图表文件 {name}；请运行 make setup。",
                en=f"The charts' file {name} is missing; run make setup.",
            )
        )


class PictureFailed(BihuanError):
    """The engine refused to draw."""

    def __init__(self, reason: str) -> None:
        super().__init__(Words(zh=f"图表未能画出：{reason}", en=f"A chart could not be drawn: {reason}"))


class FontsMissing(BihuanError):
    """The font isn't there."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            Words(
                zh=f"{folder} 中没有字体；请运行 make setup。",
                en=f"There are no fonts in {folder}; run make setup.",
            )
        )


def svg(spec: Spec, *, width: int, height: int) -> str:
    """A chart as SVG of so many pixels, without script and style sheet. Raises `ChartsMissing`, `PictureFailed`."""
    return _called("bihuanDraw", spec, PAPER, width, height)


def option(spec: Spec, tone: dict[str, object]) -> str:
    """What ECharts is told, as JSON: in these tones the same text as in a browser."""
    return _called("bihuanOption", spec, tone)


def png(pictures: Sequence[str], *, width: float) -> list[bytes]:
    """SVGs as PNGs, each so many millimetres wide, for programs that don't draw SVG everywhere."""
    if not pictures:
        return []
    page = f"#set page(width: {width}mm, height: auto, margin: 0mm)\n" + "\n#pagebreak(weak: true)\n".join(
        f'#image(bytes(sys.inputs.at("{place}")), format: "svg", width: 100%)'
        for place in range(len(pictures))
    )
    made = typst.compile(
        page.encode(),
        format="png",
        ppi=DOTS,
        font_paths=typst.Fonts(font_paths=[fonts()], include_system_fonts=False),
        sys_inputs={str(place): picture for place, picture in enumerate(pictures)},
    )
    return [made] if isinstance(made, bytes) else list(made)


def fonts() -> Path:
    """The folder of the one font of our papers. Raises `FontsMissing`."""
    folder = Path(settings.BIHUAN_FONTS_DIR)
    if not any(folder.glob("*.ttf")):
        raise FontsMissing(folder)
    return folder


def _called(function: str, *given: object) -> str:
    told = ", ".join(json.dumps(one, ensure_ascii=False, allow_nan=False) for one in given)
    with _starting:
        engine = _engine(os.getpid())
    try:
        made = engine.told(f"{function}({told})")
    except JSEvalException as fault:
        if isinstance(fault, JSOOMException | JSTimeoutException):
            _engine.cache_clear()  # what was stopped on the way isn't trusted again
        raise PictureFailed(str(fault)) from fault
    if not isinstance(made, str):
        raise PictureFailed(f"{function} gave {type(made).__name__}")
    return made


class _Engine:
    """V8 with ECharts and ours, in a thread of its own: one drawing at a time, and no event loop of the caller's."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "bihuan-charts")
        self._v8 = self._thread.submit(_loaded).result()

    def told(self, code: str) -> object:
        """What the code gives; raises `JSEvalException`."""
        return self._thread.submit(self._v8.eval, code, timeout_sec=SECONDS, max_memory=BYTES).result()


@cache
def _engine(process: int) -> _Engine:
    """This process's engine; a fork has its own, for threads don't come along."""
    return _Engine()


def _loaded() -> MiniRacer:
    made = MiniRacer()
    for name in LOADED:
        found = finders.find(name)
        if not found:
            raise ChartsMissing(name)
        made.eval(Path(found).read_text(encoding="utf-8"))
    made.eval(DRAW.read_text(encoding="utf-8"))
    return made
