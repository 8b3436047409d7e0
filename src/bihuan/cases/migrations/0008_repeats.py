"""When a solved matter first came back within the window, said anew: a call while it was open had hidden what came after."""

from django.db import migrations

ANEW = """
UPDATE cases_cycle AS cycle SET repeated_at = again.opened_at
FROM cases_cycle AS own LEFT JOIN LATERAL (
    SELECT min(later.opened_at) AS opened_at FROM cases_case AS later
    WHERE later.repeat_of_id = own.case_id AND later.opened_at > own.confirmed_at
      AND later.opened_at <= own.confirmed_at + make_interval(days => 30)
) AS again ON true
WHERE own.case_id IN (SELECT repeat_of_id FROM cases_case WHERE repeat_of_id IS NOT NULL)
  AND cycle.id = own.id AND cycle.repeated_at IS DISTINCT FROM again.opened_at
"""


class Migration(migrations.Migration):
    """Derived rows follow the rule."""

    dependencies = [("cases", "0007_costly")]
    operations = [migrations.RunSQL(ANEW, migrations.RunSQL.noop)]
