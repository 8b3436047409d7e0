"""What the application's role may not do to what was frozen, written, approved, sent and told."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

pytestmark = pytest.mark.django_db

TABLES = ("alert", "approval", "recipient", "reporttext", "sending", "snapshot")


@pytest.mark.parametrize(
    "attack",
    [
        *(f"DELETE FROM reports_{table}" for table in TABLES),
        *(f"TRUNCATE reports_{table} CASCADE" for table in TABLES),
        "UPDATE reports_alert SET recorded_at = now()",
        "UPDATE reports_approval SET recorded_at = now()",
        "UPDATE reports_reporttext SET text = ''",
        "UPDATE reports_snapshot SET content = ''",
        "UPDATE reports_sending SET token = 'mine'",
        "UPDATE reports_sending SET snapshot_id = NULL",
    ],
)
def test_the_application_s_role_may_not(attack: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(attack)


def test_what_becomes_of_a_sending_may_be_written() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_sending SET sent_at = now(), opened_at = now(), fault = '', tries = 1")

        assert cursor.rowcount == 0
