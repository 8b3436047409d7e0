"""What a command says to the person at the terminal: progress and trouble, on standard error."""

import os
import sys

from bihuan.kernel.words import Words


def language() -> str:
    """The terminal's language: Chinese where the environment says so, else English."""
    given = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh-hans" if given.lower().startswith("zh") else "en"


def progress(words: Words) -> None:
    """One line of progress."""
    sys.stderr.write(words.in_language(language()) + "\n")
    sys.stderr.flush()


def trouble(words: Words) -> None:
    """One plain sentence about what went wrong and what to do."""
    sys.stderr.write(f"bihuan: {words.in_language(language())}\n")
    sys.stderr.flush()


def result(text: str) -> None:
    """A line of the result, the only thing that goes to standard output."""
    sys.stdout.write(text + "\n")
