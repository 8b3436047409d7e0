"""Suggestion (建议): somebody proposes how the service could be better, and hears what became of it."""

from bihuan.kernel.loop import Loop
from bihuan.kernel.words import Words
from bihuan.loops.matter import STATES, steps_of_matter
from bihuan.loops.situation import TOPIC

SUGGESTION = Loop(
    code="suggestion",
    title=Words(zh="建议", en="Suggestion"),
    prefix="JY",
    file="loops/suggestion.py",
    states=STATES,
    steps=steps_of_matter(needs=(TOPIC,)),
)
