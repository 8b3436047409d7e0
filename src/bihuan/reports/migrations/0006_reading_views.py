"""Views for reading with other programs (Superset, Metabase): no person, no text, nothing confidential. Schema `reading`."""

from django.conf import settings
from django.db import migrations

VIEWS = """
CREATE SCHEMA IF NOT EXISTS reading;
CREATE VIEW reading.units AS
SELECT unit.code, unit.name_zh, unit.name_en, unit.kind, unit.wing, parent.code AS parent, bureau.code AS bureau, unit.active
FROM public.people_unit AS unit
LEFT JOIN public.people_unit AS parent ON parent.id = unit.parent_id
LEFT JOIN public.people_unit AS bureau ON bureau.id = unit.bureau_id;

CREATE VIEW reading.cases AS
SELECT kept.number, kept.loop, kept.state, kept.cycle AS rounds, unit.code AS unit, crew.code AS crew, kept.area, kept.customer_class,
       kept.kind, kept.leaf, kept.severity, kept.urgency, kept.source, kept.times, parent.number AS merged_into,
       kept.opened_at, kept.ended_at, kept.suspended_at, kept.imported
FROM public.cases_case AS kept
LEFT JOIN public.people_unit AS unit ON unit.id = kept.unit_id
LEFT JOIN public.people_unit AS crew ON crew.id = kept.crew_id
LEFT JOIN public.cases_case AS parent ON parent.id = kept.parent_id
WHERE NOT kept.confidential;

CREATE VIEW reading.rounds AS
SELECT kept.number, round.cycle AS round, round.loop, unit.code AS unit, round.area, round.customer_class, round.kind, round.leaf,
       round.severity, round.accepted_at, round.dispatched_at, round.received_at, round.contacted_at, round.arrived_at,
       round.restored_at, round.answered_at, round.reviewed_at, round.done_at, round.called_at, round.verified_at,
       round.confirmed_at, round.ended_at, round.ending, round.solved, round.satisfaction, round.callback, round.attempts,
       round.returns, round.urges, round.redirects, round.suspensions, round.supervisions, round.appeals,
       round.amount_due, round.amount_paid, round.amount_recovered, round.repeated_at
FROM public.cases_cycle AS round JOIN public.cases_case AS kept ON kept.id = round.case_id
LEFT JOIN public.people_unit AS unit ON unit.id = round.unit_id
WHERE NOT kept.confidential;

CREATE VIEW reading.clocks AS
SELECT kept.number, clock.cycle AS round, clock.loop, clock.promise, clock.kind, clock.pack, clock.edition, clock.clause, clock.public,
       unit.code AS unit, clock.area, clock.customer_class, clock.amount, clock.amount_unit, clock.started_at, clock.due_at, clock.by_day,
       clock.ended_at, clock.void_at, clock.suspended_at,
       CASE WHEN clock.void_at IS NOT NULL THEN NULL
            WHEN clock.kind = 'average' THEN NULL
            WHEN clock.ended_at IS NULL THEN NULL
            WHEN clock.by_day THEN clock.ended_at < clock.due_at
            ELSE clock.ended_at <= clock.due_at END AS kept
FROM public.promises_clock AS clock JOIN public.cases_case AS kept ON kept.id = clock.case_id
LEFT JOIN public.people_unit AS unit ON unit.id = clock.unit_id
WHERE NOT kept.confidential;

CREATE VIEW reading.breaches AS
SELECT kept.number, breach.cycle AS round, breach.loop, breach.promise, breach.public, unit.code AS unit, breach.due_at,
       breach.late_seconds,
       breach.found_at, breach.lifted, breach.cause, breach.exemption, breach.exemption_reason, breach.compensation_due,
       breach.compensation_paid, breach.currency
FROM public.promises_breach AS breach JOIN public.cases_case AS kept ON kept.id = breach.case_id
LEFT JOIN public.people_unit AS unit ON unit.id = breach.unit_id
WHERE NOT kept.confidential;

GRANT USAGE ON SCHEMA reading TO "{role}";
GRANT SELECT ON ALL TABLES IN SCHEMA reading TO "{role}";
"""
UNDO = "DROP SCHEMA reading CASCADE;"


class Migration(migrations.Migration):
    """What may be read by others, in one place; a role of theirs needs rights on nothing else."""

    dependencies = [
        ("reports", "0005_alerts"),
        ("cases", "0005_agreed_due"),
        ("promises", "0006_forewarning_walls"),
        ("people", "0006_departments_stand_alone"),
    ]
    operations = [migrations.RunSQL(VIEWS.replace("{role}", settings.BIHUAN_APP_ROLE), UNDO)]
