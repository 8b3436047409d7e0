"""`bihuan archive`: writes what is over and sealed as Parquet files, and checks them against the seals."""

from __future__ import annotations

import argparse

from django.conf import settings
from django.utils import timezone

from bihuan.commands.say import language, progress, result
from bihuan.indicators.actions import write_archive
from bihuan.indicators.queries import ArchiveChecked, check_archive
from bihuan.kernel.words import Words
from bihuan.reports.queries import zone

EPILOG = """\
write   Seal, write cases of earlier weeks that changed since, then each week that is over and not yet written. Killed in the
        middle, it goes on where it was. The worker does the same every night.
check   Read every file again, recompute the digests of all entries and compare them with the chain of seals. One line a
        difference on standard output; exit code 0 when nothing differs, 1 otherwise.

The folder is BIHUAN_ARCHIVE (default: archive, in BIHUAN_HOME). Figures from it: bihuan figures --engine duckdb

  bihuan archive write --to 2007-W23
"""


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of `archive`."""
    parser.epilog = EPILOG
    done = parser.add_subparsers(dest="done", metavar="write|check", required=True)
    write = done.add_parser("write", help="write what is over and sealed")
    write.add_argument("--to", metavar="WEEK", help="the last week to write, such as 2007-W23 (default: all)")
    done.add_parser("check", help="compare the files with the seals")


def run(args: argparse.Namespace) -> int:
    """Write or check."""
    return _write(args.to) if args.done == "write" else _check()


def _write(to: str | None) -> int:
    folder = settings.BIHUAN_ARCHIVE_DIR
    done = write_archive(folder=folder, at=timezone.now(), zone=zone(), to=to, tell=result)
    progress(
        Words(
            zh=f"已写入{len(done.weeks)}周、{done.rows}行，此前各周有变化的工单{done.changed}件；至封存#{done.seal}。位置：{folder}",
            en=f"{len(done.weeks)} weeks and {done.rows} rows were written, {done.changed} cases of earlier weeks again;"
            f" up to seal #{done.seal}. Folder: {folder}",
        )
    )
    return 0


def _check() -> int:
    checked, differences = ArchiveChecked(), 0
    for found in check_archive(folder=settings.BIHUAN_ARCHIVE_DIR, checked=checked, zone=zone()):
        differences += 1
        result(found.in_language(language()))
    progress(
        Words(
            zh=f"已核对{checked.files}个文件、{checked.entries}条记录、{checked.seals}个封存（其中{checked.whole}个完整归档），按记录重算{checked.rounds}轮处理、{checked.clocks}个时限；不符{differences}处。",
            en=f"{checked.files} files, {checked.entries} entries and {checked.seals} seals were checked"
            f" ({checked.whole} of them archived whole), {checked.rounds} rounds and {checked.clocks} clocks folded again;"
            f" {differences} differences.",
        )
    )
    return 1 if differences else 0
