"""Work in a process of its own, so that its peak of memory is its own. Imports no models: a fresh process has no Django yet."""

from __future__ import annotations

import ctypes
import importlib
import json
import multiprocessing
import signal
from collections.abc import Callable
from typing import Any

import django


def apart(work: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
    """What a function of a module gives, called in a fresh process with Django set up as here."""
    with multiprocessing.get_context("spawn").Pool(1, initializer=_ready) as pool:
        told: dict[str, Any] = json.loads(pool.apply(_run, (work.__module__, work.__name__, given)))
    return told


def _ready() -> None:
    """A measurement that is broken off takes its processes with it."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    django.setup()


def _run(module: str, name: str, given: tuple[Any, ...]) -> str:
    return json.dumps(getattr(importlib.import_module(module), name)(*given))
