"""Writes to units, posts, staff and memberships."""

from bihuan.people.actions.signing import forget_failures, note_failure
from bihuan.people.actions.tables import import_staff, import_units
from bihuan.people.actions.tokens import issue_token, revoke_tokens
from bihuan.people.actions.units import UnitRefused, close_unit, move_unit, rename_unit, reopen_unit
from bihuan.people.actions.write import (
    BackdatedEnd,
    UnknownParent,
    appoint,
    create_unit,
    create_units,
    customer_actor,
    end_appointment,
    hire,
    hire_all,
    house_machine,
    load_posts,
    machine_actor,
    set_password,
)

__all__ = [
    "BackdatedEnd",
    "UnitRefused",
    "UnknownParent",
    "appoint",
    "close_unit",
    "create_unit",
    "create_units",
    "customer_actor",
    "end_appointment",
    "forget_failures",
    "hire",
    "hire_all",
    "house_machine",
    "import_staff",
    "import_units",
    "issue_token",
    "load_posts",
    "machine_actor",
    "move_unit",
    "note_failure",
    "rename_unit",
    "reopen_unit",
    "revoke_tokens",
    "set_password",
]
