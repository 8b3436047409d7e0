"""A June of Yang with an outage of each sort."""

from __future__ import annotations

from bihuan.outages import actions
from tests.cast import CHONGQING, Cast, moment
from tests.outages.told import announced, fault, serves, tells

JULY = moment("2007-07-02 09:00")


def june(cast: Cast) -> None:
    """A plan in time, a plan told late, a plan withdrawn, a plan that ran over, three faults of one line (one long)."""
    serves(cast, users=100, customers=9_000)
    tells(cast, tells(cast, announced(cast), "start", "2007-06-15 08:00"), "restore", "2007-06-15 17:00")
    announced(cast, at=moment("2007-06-14 09:00"), transformers=())
    tells(cast, announced(cast), "withdraw", "2007-06-10 10:00", cause="weather")
    over = tells(cast, announced(cast, line="YJP-L2"), "start", "2007-06-15 08:00")
    tells(cast, over, "restore", "2007-06-15 19:00", cause="obstructed")
    fault(cast, "2007-06-20 10:00", "2007-06-20 19:00")
    fault(cast, "2007-06-21 23:00", "2007-06-22 01:00", users=5, customers=400, external=True)
    fault(cast, "2007-06-23 10:00", "2007-06-23 11:00", published_at=moment("2007-06-23 10:16"))
    actions.count_days(at=JULY, zone=CHONGQING)
