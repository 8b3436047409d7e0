"""Every chapter and indicator there is, in the order of the weekly report."""

from bihuan.kernel.indicator import Chapter, Indicator
from bihuan.loops.indicators import callbacks, complaint, outage, promises, repair, situation, supply

_FILES = (repair, complaint, situation, outage, promises, callbacks, supply)

CHAPTERS: tuple[Chapter, ...] = tuple(file.CHAPTER for file in _FILES)
INDICATORS: tuple[Indicator, ...] = tuple(indicator for file in _FILES for indicator in file.INDICATORS)


def indicator(code: str) -> Indicator:
    """The indicator of this code; raises KeyError."""
    return _BY_CODE[code]


_BY_CODE = {declared.code: declared for declared in INDICATORS}
