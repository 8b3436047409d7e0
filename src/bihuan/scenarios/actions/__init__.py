"""Writes of the demo world: build it, play it, let it live on."""

from bihuan.scenarios.actions.build import NotEmpty, build_world
from bihuan.scenarios.actions.play import Progress, found, live, play, set_living

__all__ = ["NotEmpty", "Progress", "build_world", "found", "live", "play", "set_living"]
