"""The town as chance would have it: counts dealt like cards, histories drawn from them. Values in, values out."""

from bihuan.scenarios.rules.deck import Deck, Fate
from bihuan.scenarios.rules.draw import Drawer, Story
from bihuan.scenarios.rules.pace import Pace
from bihuan.scenarios.rules.town import Place, Scenario, Town
from bihuan.scenarios.rules.world import Home, Person, homes, persons, units

__all__ = [
    "Deck",
    "Drawer",
    "Fate",
    "Home",
    "Pace",
    "Person",
    "Place",
    "Scenario",
    "Story",
    "Town",
    "homes",
    "persons",
    "units",
]
