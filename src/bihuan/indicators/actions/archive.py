"""Writing the archive: weeks that are over and sealed, and cases of earlier weeks that changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bihuan.flow import actions as flow
from bihuan.indicators.engines.archive import Archive, File, Page, State
from bihuan.indicators.engines.sources import ENTRY, SOURCES, Column
from bihuan.indicators.engines.writing import Writer
from bihuan.indicators.queries.standing import Standing, standing
from bihuan.indicators.rules import week, week_name

WEEKS_AT_ONCE = 13
"""How many weeks are taken out of PostgreSQL in one go; each is a page of its own."""
CHANGE = (Column("case_id", "VARCHAR", None),)


@dataclass(frozen=True, slots=True)
class Written:
    """What a writing did. `changed` are cases of earlier weeks written again."""

    weeks: tuple[str, ...]
    rows: int
    changed: int
    seal: int
    known: datetime | None


def write_archive(
    *, folder: Path, at: datetime, zone: ZoneInfo, to: str | None = None, tell: Callable[[str], None]
) -> Written:
    """Seal, then write every week that is over and not yet in the archive, up to `to`; earlier weeks' changes first.

    What it holds afterwards is what had been recorded by that seal, neither less nor more. Killed in the middle, it goes on
    with the next week when it is called again. `tell` hears each week. Raises `ArchiveBusy` and `PeriodRefused`.
    """
    last = week(to, zone).end if to else None
    flow.seal(at=at)
    archive = Archive(folder)
    with archive.writing() as scratch, standing(str(zone), at) as now:
        archive.sweep()
        writer = Writer(archive, scratch)
        try:
            return _Run(archive, writer, now, zone, tell).write(min(last or now.known, now.known))
        finally:
            writer.close()


@dataclass(frozen=True, slots=True)
class _Run:
    archive: Archive
    writer: Writer
    now: Standing
    zone: ZoneInfo
    tell: Callable[[str], None]

    def write(self, until: datetime) -> Written:
        rows = changed = 0
        state = self.archive.state()
        number = len(state.pages) + 1
        page = self._catch_up(number, state) if state.pages else None
        if page is not None:
            number += 1
            rows += sum(file.rows for file in page.files)
            changed = sum(file.rows for file in page.files if file.table == "change")
        weeks = self._weeks(state, until)
        for start in range(0, len(weeks), WEEKS_AT_ONCE):
            some = weeks[start : start + WEEKS_AT_ONCE]
            self._take_weeks(some)
            for names in self._pages(some):
                page = self._write_weeks(number, names)
                number += 1
                rows += sum(file.rows for file in page.files)
                for name in names:
                    self.tell(name)
        return _written(self.archive.state(), tuple(weeks), rows, changed)

    def _weeks(self, state: State, until: datetime) -> list[str]:
        if state.weeks:
            first = week(state.last, self.zone).end
        else:
            found = self.now.first()
            if found is None:
                return []
            first = found
        names = []
        day = week(week_name(first.astimezone(self.zone).date()), self.zone).first
        while week(week_name(day), self.zone).end <= until:
            names.append(week_name(day))
            day += timedelta(weeks=1)
        return names

    def _take_weeks(self, weeks: Sequence[str]) -> None:
        low, high = week(weeks[0], self.zone).start, week(weeks[-1], self.zone).end
        for source in SOURCES.values():
            self.writer.take(source.name, source.columns, self.now.rows(source, low=low, high=high))
        self.writer.take("entry", ENTRY, self.now.entries(low=low, high=high))

    def _pages(self, weeks: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The weeks of each page: one that has rows, and the empty ones before it."""
        filled = self.writer.weeks([*SOURCES, "entry"])
        together: list[str] = []
        for name in weeks:
            together.append(name)
            if name in filled or name == weeks[-1]:
                yield tuple(together)
                together = []

    def _write_weeks(self, number: int, names: tuple[str, ...]) -> Page:
        files: list[File] = []
        digests: list[tuple[str, str, str]] = []
        for source in SOURCES.values():
            files += self._files(source.name, source.columns, number, source.born, names)
            if not source.of_cases:
                found = self.writer.digests(source.name)
                digests += [(source.name, name, found[name]) for name in names if name in found]
        files += self._files("entry", ENTRY, number, "at", names)
        return self._commit(number, files, weeks=names, digests=tuple(digests))

    def _catch_up(self, number: int, state: State) -> Page | None:
        """What changed since in weeks that are in the archive; None when nothing did."""
        high = week(state.last, self.zone).end if state.weeks else state.pages[-1].known
        self.now.mark_changed(after=state.seal, known=state.pages[-1].known)
        self.writer.take("change", CHANGE, self.now.changes(week=state.last))
        files = self._files("change", CHANGE, number, "case_id", None)
        touched: tuple[str, ...] = ()
        replaced: list[tuple[str, str]] = []
        digests: list[tuple[str, str, str]] = []
        for source in SOURCES.values():
            feed = self.now.rows(source, high=high, changed=source.of_cases)
            self.writer.take(source.name, source.columns, feed)
            weeks = None
            if source.of_cases:
                touched += self.writer.holding("change", [file.path for _, file in state.of(source.name)])
            else:
                weeks = self._differing(source.name, state)
                found = self.writer.digests(source.name)
                replaced += [(source.name, name) for name in weeks]
                digests += [(source.name, name, found.get(name, "")) for name in weeks]
            files += self._files(source.name, source.columns, number, source.born, weeks)
        self.writer.take("entry", ENTRY, self.now.entries(high=high, after=state.seal))
        files += self._files("entry", ENTRY, number, "at", None)
        if not files and not replaced and state.seal == self.now.seal:
            return None
        return self._commit(number, files, replaced=tuple(replaced), digests=tuple(digests), touched=touched)

    def _differing(self, table: str, state: State) -> list[str]:
        found = self.writer.digests(table)
        before = {name: digest for (of, name), digest in state.digests.items() if of == table and digest}
        return sorted(name for name in before.keys() | found.keys() if before.get(name) != found.get(name))

    def _files(
        self, table: str, columns: Sequence[Column], page: int, order: str, weeks: Sequence[str] | None
    ) -> list[File]:
        return self.writer.write(table, columns, page=page, order=f'"{order}"', weeks=weeks)

    def _commit(
        self,
        number: int,
        files: Sequence[File],
        *,
        weeks: tuple[str, ...] = (),
        replaced: tuple[tuple[str, str], ...] = (),
        digests: tuple[tuple[str, str, str], ...] = (),
        touched: tuple[str, ...] = (),
    ) -> Page:
        page = Page(
            number=number,
            before=self.archive.before(number),
            seal=self.now.seal,
            known=self.now.known,
            weeks=weeks,
            files=tuple(files),
            replaced=replaced,
            digests=digests,
            touched=touched,
        )
        self.archive.commit(page)
        return page


def _written(state: State, weeks: tuple[str, ...], rows: int, changed: int) -> Written:
    return Written(weeks=weeks, rows=rows, changed=changed, seal=state.seal, known=state.known)
