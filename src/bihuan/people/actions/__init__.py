"""Writes to units, posts, staff and memberships."""

from bihuan.people.actions.tables import Fault, ImportResult, import_staff, import_units
from bihuan.people.actions.write import (
    appoint,
    create_unit,
    customer_actor,
    end_appointment,
    hire,
    load_posts,
    machine_actor,
)

__all__ = [
    "Fault",
    "ImportResult",
    "appoint",
    "create_unit",
    "customer_actor",
    "end_appointment",
    "hire",
    "import_staff",
    "import_units",
    "load_posts",
    "machine_actor",
]
