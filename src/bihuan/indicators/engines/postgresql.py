"""The live engine: statements for the PostgreSQL in which the cases are."""

from bihuan.indicators.engines.compiling import POSTGRESQL, STALE, Question, counting, finding, passes
from bihuan.indicators.engines.sources import SOURCES

DIALECT = POSTGRESQL.name

__all__ = ["DIALECT", "SOURCES", "STALE", "Question", "counting", "finding", "passes"]
