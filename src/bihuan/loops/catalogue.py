"""Every loop there is, by name. A new business kind is its file and two lines here."""

from bihuan.kernel.loop import Loop, faults
from bihuan.loops.action import ACTION
from bihuan.loops.complaint import COMPLAINT
from bihuan.loops.consult import CONSULT
from bihuan.loops.damage import DAMAGE
from bihuan.loops.opinion import OPINION
from bihuan.loops.praise import PRAISE
from bihuan.loops.repair import REPAIR
from bihuan.loops.service import SERVICE
from bihuan.loops.situation import SITUATION
from bihuan.loops.suggestion import SUGGESTION
from bihuan.loops.tipoff import TIPOFF

LOOPS: tuple[Loop, ...] = (
    REPAIR,
    COMPLAINT,
    SITUATION,
    OPINION,
    TIPOFF,
    SUGGESTION,
    PRAISE,
    CONSULT,
    SERVICE,
    DAMAGE,
    ACTION,
)


def loop(code: str) -> Loop:
    """The loop of this code; raises KeyError."""
    return _BY_CODE[code]


def declaration_faults() -> list[str]:
    """Every mistake in the declarations, each a plain sentence with file and step."""
    return [fault for declared in LOOPS for fault in faults(declared)]


_BY_CODE = {declared.code: declared for declared in LOOPS}
