"""Seals what has been recorded since the last seal."""

from __future__ import annotations

import argparse

from django.utils import timezone

from bihuan.commands.say import progress, result
from bihuan.flow import actions
from bihuan.kernel.words import Words


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments."""
    parser.epilog = (
        "Prints the seal's number, how many entries it covers and its SHA-256; nothing when nothing is new."
    )


def run(args: argparse.Namespace) -> int:
    """Seal now. Writers under way are waited for."""
    seal = actions.seal(at=timezone.now())
    if seal is None:
        progress(Words(zh="没有新的记录需要封存。", en="There is nothing new to seal."))
    else:
        result(f"{seal.number} {seal.entries} {bytes(seal.digest).hex()}")
    return 0
