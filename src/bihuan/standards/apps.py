"""The app of standards; its taxonomies are checked when Django starts its checks."""

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register


class StandardsConfig(AppConfig):
    """Taxonomies as data."""

    name = "bihuan.standards"

    def ready(self) -> None:
        """Let `check` read every taxonomy."""
        register(_check, "bihuan")


def _check(**_: object) -> list[CheckMessage]:
    from bihuan.standards import queries
    from bihuan.standards.rules import TaxonomyFault

    try:
        for code in queries.known():
            queries.load(code)
    except TaxonomyFault as fault:
        return [Error(fault.words.en, id="bihuan.standards")]
    return []
