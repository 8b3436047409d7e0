"""What stands in the bar: each person's daily pages, and everything else that he may open, by section.

A new page is one line in `SECTIONS`. `opens` are the permissions of the page itself (any of them); `daily` are those
whose holders work on it every day, so that it stands in the bar for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy

FEWEST = 5
"""A shorter bar is filled up, first with what is handy for everybody."""

HANDY = ("outages", "promises", "standards")


@dataclass(frozen=True, slots=True)
class Entry:
    """A page by the name of its address (and its parts), its text, who may open it and for whom it is daily work."""

    page: str
    text: object
    opens: frozenset[str]
    daily: frozenset[str] = frozenset()
    below: bool = True
    """Whether pages whose address begins with this one's belong to it."""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one page shows it."""

    address: str
    text: object
    here: bool


@dataclass(frozen=True, slots=True)
class Navigation:
    """The bar, and all sections with their links."""

    bar: tuple[Link, ...]
    sections: tuple[tuple[object, tuple[Link, ...]], ...]
    elsewhere: bool
    """Whether the page that is open stands in a section but not in the bar."""


def _entry(page: str, text: object, opens: str, daily: str = "", *, below: bool = True) -> Entry:
    return Entry(page, text, frozenset(opens.split()), frozenset(daily.split()), below)


SECTIONS: tuple[tuple[object, tuple[Entry, ...]], ...] = (
    (
        gettext_lazy("Cases and callbacks"),
        (
            _entry("intake", gettext_lazy("Intake"), "case.open", "case.open"),
            _entry("callbacks", gettext_lazy("Callbacks"), "callback.do", "callback.do", below=False),
            _entry(
                "board",
                gettext_lazy("Cases"),
                "case.read",
                "case.open case.handle case.supervise callback.do visit.do action.agree",
            ),
            _entry(
                "callback-ledger",
                gettext_lazy("Callback ledger"),
                "callback.ledger",
                "callback.do case.review callback.review questionnaire.edit",
            ),
            _entry("findings", gettext_lazy("Findings"), "finding.explain finding.rule"),
            _entry("scores", gettext_lazy("Second listener"), "callback.do callback.review"),
        ),
    ),
    (
        gettext_lazy("Supply"),
        (
            _entry("outages", gettext_lazy("Outages"), "outage.read", "outage.manage case.open"),
            _entry("outage-figures", gettext_lazy("Reliability and notices"), "outage.read"),
            _entry("voltage", gettext_lazy("Voltage"), "outage.read"),
            _entry("outage-users", gettext_lazy("Users counted"), "outage.read"),
        ),
    ),
    (
        gettext_lazy("Reports and figures"),
        (
            _entry("report", gettext_lazy("Weekly report"), "report.read", "report.read"),
            _entry("report-kind monthly", gettext_lazy("Monthly report"), "report.read"),
            _entry("report-kind yearly", gettext_lazy("Yearly report"), "report.read"),
            _entry("indicators", gettext_lazy("Indicators"), "figures.read", "figures.read"),
            _entry("targets", gettext_lazy("Targets"), "figures.read"),
            _entry("league", gettext_lazy("League"), "figures.read"),
            _entry("perception", gettext_lazy("Perception points"), "figures.read"),
            _entry("process", gettext_lazy("How cases went"), "figures.read"),
            _entry("open-data", gettext_lazy("Open data"), "report.read"),
        ),
    ),
    (
        gettext_lazy("Promises and breaches"),
        (
            _entry(
                "promises",
                gettext_lazy("Promises"),
                "promise.read",
                "promise.manage case.open report.approve",
            ),
            _entry(
                "breaches",
                gettext_lazy("Broken promises"),
                "figures.read",
                "case.explain case.supervise action.agree report.approve",
            ),
            _entry("money", gettext_lazy("Paid and recovered"), "figures.read"),
        ),
    ),
    (
        gettext_lazy("Standards and settings"),
        (
            _entry(
                "standards",
                gettext_lazy("Standards"),
                "case.read promise.read standards.manage",
                "standards.manage",
            ),
            _entry(
                "questionnaires",
                gettext_lazy("Questions and duties"),
                "callback.do callback.ledger callback.review questionnaire.edit finding.rule",
            ),
            _entry("pack-order", gettext_lazy("Adopted packs"), "promise.manage"),
            _entry("units", gettext_lazy("Units and posts"), "people.manage", "people.manage"),
            _entry("report-readers", gettext_lazy("Readers of the report"), "report.freeze"),
        ),
    ),
)


def navigation(*, permissions: Iterable[str], path: str) -> Navigation:
    """The bar and the sections of somebody with these permissions, on the page at `path`."""
    held = frozenset(permissions)
    open_to = [(section, [entry for entry in entries if entry.opens & held]) for section, entries in SECTIONS]
    every = [entry for _, entries in open_to for entry in entries]
    addresses = {entry.page: _address(entry.page) for entry in every}
    daily = {entry.page for entry in every if entry.daily & held}
    spare = sorted((e.page for e in every if e.page not in daily), key=lambda page: page not in HANDY)
    daily.update(spare[: max(0, FEWEST - 1 - len(daily))])
    current = _current(every, addresses, path)
    home = Link(reverse("home"), gettext_lazy("My work"), path == reverse("home"))
    links = {entry.page: Link(addresses[entry.page], entry.text, entry.page == current) for entry in every}
    return Navigation(
        bar=(home, *(links[entry.page] for entry in every if entry.page in daily)),
        elsewhere=bool(current) and current not in daily,
        sections=tuple(
            (section, tuple(links[e.page] for e in entries)) for section, entries in open_to if entries
        ),
    )


def _address(page: str) -> str:
    name, *parts = page.split()
    return reverse(name, args=parts)


def _current(entries: list[Entry], addresses: dict[str, str], path: str) -> str:
    """The entry whose address the page's begins with; of several the longest."""
    fits = [
        entry.page
        for entry in entries
        if path == addresses[entry.page] or (entry.below and path.startswith(addresses[entry.page]))
    ]
    return max(fits, key=lambda page: len(addresses[page]), default="")
