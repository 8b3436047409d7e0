"""Reads a table of units, staff, premises, outages, users, voltage or events; nothing is written unless every row is good."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils import timezone

from bihuan.bridges.eventlog.adapter import Imported, import_events
from bihuan.bridges.eventlog.map import read_map
from bihuan.bridges.tables.client import read
from bihuan.commands.say import language, progress, result
from bihuan.kernel.table import Fault, ImportResult, Rows
from bihuan.kernel.words import Words
from bihuan.outages.actions import import_outages, import_users, import_voltage
from bihuan.packs import queries as packs
from bihuan.people.actions import import_staff, import_units, machine_actor
from bihuan.supply.actions import import_premises

EPILOG = """\
FILE is CSV (UTF-8 or GB18030), XLSX or Parquet; its first row names the columns, in English or Chinese.

  units     code name_zh kind wing, and perhaps name_en parent
  staff     number name unit post, and perhaps phone language starts password
  premises  account code address area unit customer name, and perhaps phone class meter line transformer longitude latitude
  outages   unit kind area places, and perhaps number line line_name transformers why users customers important
            published_at channel confirmed_at planned_start_at planned_end_at started_at ended_at change cause …
  users     unit area from_date users customers: medium-voltage users and contracts, from a day on
  voltage   point month (or first_date last_date) monitored over under, and for a new point name unit area class nominal
  events    what --map MAP.toml says: somebody else's history, one row a case or one row a step

Nothing is written unless every row is good; --take-good writes the good ones and tells the others.
Exit code 1 when rows are faulty and weren't left out on purpose. docs/howto/import-your-data.md tells more.
"""
REFUSED = 1
WHAT = {
    "units": "the organisation: company, departments, bureaus, stations, crews",
    "staff": "who works where, in which post",
    "premises": "customers, places and accounts",
    "outages": "outages and their notices, one row an outage",
    "users": "how many users each bureau serves, the denominators of reliability",
    "voltage": "voltage monitoring points and their readings",
    "events": "cases from another system, with their whole past",
}

_FACTS = {"outages": import_outages, "users": import_users, "voltage": import_voltage}


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of `import`."""
    parser.epilog = EPILOG
    kinds = parser.add_subparsers(title="what to import", dest="what", metavar="WHAT", required=True)
    for what, purpose in WHAT.items():
        kind = kinds.add_parser(what, help=purpose, description=f"Import {purpose}.")
        kind.add_argument("file", type=Path, metavar="FILE", help="CSV, XLSX or Parquet")
        kind.add_argument("--dry-run", action="store_true", help="look at every row and write nothing")
        kind.add_argument(
            "--take-good", action="store_true", help="write the good rows although others are faulty"
        )
    kind.add_argument("--map", type=Path, required=True, metavar="MAP.toml", help="what the columns mean")


def run(args: argparse.Namespace) -> int:
    """Tell every fault, then how many rows were written."""
    if args.what == "events":
        return _events(args)
    done = _import(args.what, read(args.file), take_good=args.take_good, dry_run=args.dry_run)
    for fault in done.faults:
        progress(_told(fault))
    if done.ignored:
        names = ", ".join(done.ignored)
        progress(Words(zh=f"未使用的列：{names}", en=f"columns not used: {names}"))
    result(_summary(done, dry_run=args.dry_run).in_language(language()))
    return REFUSED if done.faults and not args.take_good else 0


def _events(args: argparse.Namespace) -> int:
    means = read_map(args.map, zone=timezone.get_default_timezone_name())
    done = import_events(
        rows=read(args.file),
        means=means,
        at=timezone.now(),
        take_good=args.take_good,
        dry_run=args.dry_run,
    )
    for fault in done.faults:
        progress(_told(fault))
    if done.known:
        progress(
            Words(
                zh=f"{done.known} 件此前已导入，保持原样",
                en=f"{done.known} cases were imported before and stay as they are",
            )
        )
    if done.units:
        names = ", ".join(done.units)
        progress(
            Words(zh=f"新建单位：{names}", en=f"units made: {names}")
            if done.cases
            else Words(zh=f"将新建单位：{names}", en=f"units to be made: {names}")
        )
    result(_summary_of_events(done, dry_run=args.dry_run).in_language(language()))
    return REFUSED if done.faults and not args.take_good else 0


def _import(what: str, rows: Rows, *, take_good: bool, dry_run: bool) -> ImportResult:
    if what == "units":
        return import_units(rows=rows, take_good=take_good, dry_run=dry_run)
    if what == "staff":
        return import_staff(
            rows=rows,
            at=timezone.now(),
            zone=timezone.get_default_timezone(),
            take_good=take_good,
            dry_run=dry_run,
        )
    if what in _FACTS:
        return _FACTS[what](
            rows=rows,
            by=machine_actor(label=f"import {what}"),
            at=timezone.now(),
            zone=packs.calendar().zone,
            take_good=take_good,
            dry_run=dry_run,
        )
    return import_premises(rows=rows, take_good=take_good, dry_run=dry_run)


def _told(fault: Fault) -> Words:
    where = f" {fault.field}" if fault.field else ""
    return Words(
        zh=f"第 {fault.row} 行{where}：{fault.words.zh}", en=f"row {fault.row}{where}: {fault.words.en}"
    )


def _summary(done: ImportResult, *, dry_run: bool) -> Words:
    faulty = len({fault.row for fault in done.faults})
    counts = Words(
        zh=f"合格 {done.good} 行，有误 {faulty} 行，写入 {done.written} 行",
        en=f"{done.good} rows good, {faulty} faulty, {done.written} written",
    )
    return _advised(counts, mend=bool(done.faults and not done.written), dry_run=dry_run)


def _summary_of_events(done: Imported, *, dry_run: bool) -> Words:
    counts = Words(
        zh=f"合格 {done.good} 件（{done.entries} 条记录），有误 {done.faulty} 件，写入 {done.cases} 件",
        en=f"{done.good} cases good ({done.entries} entries), {done.faulty} faulty, {done.cases} written",
    )
    return _advised(counts, mend=bool(done.faults and not done.cases), dry_run=dry_run)


def _advised(counts: Words, *, mend: bool, dry_run: bool) -> Words:
    if dry_run:
        return Words(zh=f"{counts.zh}（试运行）。", en=f"{counts.en} (dry run).")
    if mend:
        return Words(
            zh=f"{counts.zh}。请改正后重试，或用 --take-good 只写入合格的行。",
            en=f"{counts.en}. Mend the file and try again, or write the good rows with --take-good.",
        )
    return Words(zh=f"{counts.zh}。", en=f"{counts.en}.")
