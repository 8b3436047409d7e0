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
    """Only the files: the database may not be there yet when Django checks."""
    from pathlib import Path

    from django.conf import settings

    from bihuan.standards import queries
    from bihuan.standards.rules import StandardFault

    faults: list[CheckMessage] = []
    for kind in ("taxonomies", "casebook"):
        for path in sorted((Path(settings.BIHUAN_PACKS_DIR) / kind).glob("*.toml")):
            try:
                queries.checked(kind, path.stem, path.read_text(encoding="utf-8"))
            except StandardFault as fault:
                faults.append(Error(fault.words.en, id="bihuan.standards"))
    return faults
