"""Recomputes digests, seals, cycles, clocks, frozen figures and outages from their entries, and names what differs."""

from __future__ import annotations

import argparse

from bihuan.commands.say import language, progress, result
from bihuan.flow.queries import Checked, verify
from bihuan.kernel.words import Words
from bihuan.outages import queries as outages
from bihuan.packs import queries as packs
from bihuan.reports.queries import differing_snapshots


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments."""
    parser.epilog = "One line a difference on standard output; exit code 0 when nothing differs, 1 otherwise."


def run(args: argparse.Namespace) -> int:
    """Look at everything."""
    checked, differences = Checked(), 0
    for found in verify(checked):
        differences += 1
        result(f"{found.where}: {found.what.in_language(language())}")
    for name in differing_snapshots():
        differences += 1
        result(name.in_language(language()))
    for number in outages.differing():
        differences += 1
        words = Words(zh="与其记录不符", en="isn't what its entries say")
        result(f"{number}: {words.in_language(language())}")
    for day in outages.differing_days(zone=packs.calendar().zone):
        differences += 1
        words = Words(zh="与用户数和停电记录不符", en="isn't what user counts and outages say")
        result(f"{day}: {words.in_language(language())}")
    progress(
        Words(
            zh=f"已核对{checked.cases}件工单、{checked.entries}条记录、{checked.seals}个封存，"
            f"已删除文字{checked.erased}处；不符{differences}处。",
            en=f"{checked.cases} cases, {checked.entries} entries and {checked.seals} seals were checked,"
            f" {checked.erased} texts are erased; {differences} differences.",
        )
    )
    return 1 if differences else 0
