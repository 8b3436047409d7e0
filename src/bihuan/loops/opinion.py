"""Opinion (意见): dissatisfaction that doesn't amount to a complaint (a kind of its own from about 2015, domain.md 3.2)."""

from bihuan.kernel.loop import Loop
from bihuan.kernel.words import Words
from bihuan.loops import facts
from bihuan.loops.matter import STATES, steps_of_matter
from bihuan.loops.situation import TOPIC

OPINION = Loop(
    code="opinion",
    title=Words(zh="意见", en="Opinion"),
    prefix="YJ",
    file="loops/opinion.py",
    states=STATES,
    steps=steps_of_matter(needs=(TOPIC,), may=(facts.leaf("opinion"), facts.PROPOSED_LEAF)),
)
