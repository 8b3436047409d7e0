"""One measured figure and what it is compared with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`baseline` is measured in the same run, or an aim that the issue names; `ratio` is value over baseline."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    against: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the baseline."""
        return self.value / self.baseline if self.baseline else None

    def told(self) -> dict[str, object]:
        """As it stands in bench.json."""
        return {
            "value": round(self.value, 3),
            "unit": self.unit,
            "baseline": self.baseline,
            "ratio": round(self.ratio, 3) if self.ratio is not None else None,
            "against": self.against,
        }
