"""The views for other programs, with columns enough to find every published count again; outages, frozen figures, declarations."""

from django.conf import settings
from django.db import migrations

VIEWS = """
-- What the program says of itself and of its indicators; written by the owner after migrating (reports.actions.dictionary).
CREATE TABLE reading.about (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE reading.indicators (
    code text PRIMARY KEY, edition integer NOT NULL, chapter text NOT NULL, chapter_zh text NOT NULL, chapter_en text NOT NULL,
    title_zh text NOT NULL, title_en text NOT NULL, rule_zh text NOT NULL, rule_en text NOT NULL,
    source_zh text NOT NULL, source_en text NOT NULL, measure text NOT NULL, unit text NOT NULL, decimals integer NOT NULL,
    direction text NOT NULL, counts text NOT NULL, counted_on text NOT NULL, numerator text NOT NULL, denominator text NOT NULL
);

CREATE FUNCTION reading.zone() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT value FROM reading.about WHERE name = 'zone');
CREATE FUNCTION reading.day(at timestamptz) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
RETURN (at AT TIME ZONE reading.zone())::date;
CREATE FUNCTION reading.week(at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN to_char(at AT TIME ZONE reading.zone(), 'IYYY-"W"IW');
-- A limit in days belongs to its last day, not to the midnight at which it is over.
CREATE FUNCTION reading.due_within(due_at timestamptz, by_day boolean) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN due_at - CASE WHEN by_day THEN interval '1 second' ELSE interval '0' END;
-- Kept, broken, or not decided yet (or never: void, and averages, which no single case breaks). What stands still has run out
-- only if it had done so before it was stopped.
CREATE FUNCTION reading.kept(
    kind text, void_at timestamptz, ended_at timestamptz, due_at timestamptz, by_day boolean, suspended_at timestamptz
) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
    WHEN kind <> 'step_limit' OR void_at IS NOT NULL THEN NULL
    WHEN ended_at IS NOT NULL THEN CASE WHEN by_day THEN ended_at < due_at ELSE ended_at <= due_at END
    WHEN suspended_at IS NOT NULL AND suspended_at < due_at THEN NULL
    WHEN CASE WHEN by_day THEN due_at <= now() ELSE due_at < now() END THEN false
END;

-- New columns stand at the end: a view that is replaced keeps the rights that others have on it.
CREATE OR REPLACE VIEW reading.cases AS
SELECT kept.number, kept.loop, kept.state, kept.cycle AS rounds, unit.code AS unit, crew.code AS crew, kept.area, kept.customer_class,
       kept.kind, kept.leaf, kept.severity, kept.urgency, kept.source, kept.times, parent.number AS merged_into,
       kept.opened_at, kept.ended_at, kept.suspended_at, kept.imported,
       bureau.code AS bureau, first.number AS repeat_of, reading.day(kept.opened_at) AS opened_on, reading.day(kept.ended_at) AS ended_on
FROM public.cases_case AS kept
LEFT JOIN public.people_unit AS unit ON unit.id = kept.unit_id
LEFT JOIN public.people_unit AS bureau ON bureau.id = coalesce(unit.bureau_id, unit.id)
LEFT JOIN public.people_unit AS crew ON crew.id = kept.crew_id
LEFT JOIN public.cases_case AS parent ON parent.id = kept.parent_id AND NOT parent.confidential
LEFT JOIN public.cases_case AS first ON first.id = kept.repeat_of_id AND NOT first.confidential
WHERE NOT kept.confidential;

CREATE OR REPLACE VIEW reading.rounds AS
SELECT kept.number, round.cycle AS round, round.loop, unit.code AS unit, round.area, round.customer_class, round.kind, round.leaf,
       round.severity, round.accepted_at, round.dispatched_at, round.received_at, round.contacted_at, round.arrived_at,
       round.restored_at, round.answered_at, round.reviewed_at, round.done_at, round.called_at, round.verified_at,
       round.confirmed_at, round.ended_at, round.ending, round.solved, round.satisfaction, round.callback, round.attempts,
       round.returns, round.urges, round.redirects, round.suspensions, round.supervisions, round.appeals,
       round.amount_due, round.amount_paid, round.amount_recovered, round.repeated_at,
       bureau.code AS bureau, round.imported, round.source, round.responsibility, round.rang_on_arrival, round.contacted_first_day,
       round.inspected_at, round.assessed_at, round.paid_at, round.recovered_at, round.energised_at, round.appealed_at,
       round.decided_at, round.supervised_at, round.agreed_due, round.reworks, round.written_off,
       reading.day(round.accepted_at) AS accepted_on, reading.day(round.done_at) AS done_on,
       reading.day(round.verified_at) AS verified_on, reading.day(round.ended_at) AS ended_on
FROM public.cases_cycle AS round JOIN public.cases_case AS kept ON kept.id = round.case_id
LEFT JOIN public.people_unit AS unit ON unit.id = round.unit_id
LEFT JOIN public.people_unit AS bureau ON bureau.id = coalesce(unit.bureau_id, unit.id)
WHERE NOT kept.confidential;

CREATE OR REPLACE VIEW reading.clocks AS
SELECT kept.number, clock.cycle AS round, clock.loop, clock.promise, clock.kind, clock.pack, clock.edition, clock.clause, clock.public,
       unit.code AS unit, clock.area, clock.customer_class, clock.amount, clock.amount_unit, clock.started_at, clock.due_at, clock.by_day,
       clock.ended_at, clock.void_at, clock.suspended_at,
       reading.kept(clock.kind, clock.void_at, clock.ended_at, clock.due_at, clock.by_day, clock.suspended_at) AS kept,
       bureau.code AS bureau, clock.imported, clock.provisional,
       reading.day(clock.started_at) AS started_on, reading.day(reading.due_within(clock.due_at, clock.by_day)) AS due_on
FROM public.promises_clock AS clock JOIN public.cases_case AS kept ON kept.id = clock.case_id
LEFT JOIN public.people_unit AS unit ON unit.id = clock.unit_id
LEFT JOIN public.people_unit AS bureau ON bureau.id = coalesce(unit.bureau_id, unit.id)
WHERE NOT kept.confidential;

CREATE OR REPLACE VIEW reading.breaches AS
SELECT kept.number, breach.cycle AS round, breach.loop, breach.promise, breach.public, unit.code AS unit, breach.due_at,
       breach.late_seconds,
       breach.found_at, breach.lifted, breach.cause, breach.exemption, breach.exemption_reason, breach.compensation_due,
       breach.compensation_paid, breach.currency,
       bureau.code AS bureau, breach.explained_at, breach.exempted_at
FROM public.promises_breach AS breach JOIN public.cases_case AS kept ON kept.id = breach.case_id
LEFT JOIN public.people_unit AS unit ON unit.id = breach.unit_id
LEFT JOIN public.people_unit AS bureau ON bureau.id = coalesce(unit.bureau_id, unit.id)
WHERE NOT kept.confidential;

-- Of cases told in confidence only how many they add to a week of the company: without them no sum would agree with the report.
CREATE VIEW reading.withheld_clocks AS
SELECT reading.week(reading.due_within(clock.due_at, clock.by_day)) AS due_week, clock.promise, clock.public,
       count(told.kept) AS decided, count(*) FILTER (WHERE told.kept) AS kept
FROM public.promises_clock AS clock JOIN public.cases_case AS secret ON secret.id = clock.case_id,
LATERAL (SELECT reading.kept(clock.kind, clock.void_at, clock.ended_at, clock.due_at, clock.by_day, clock.suspended_at) AS kept) AS told
WHERE secret.confidential GROUP BY 1, 2, 3;

CREATE VIEW reading.withheld_rounds AS
SELECT reading.week(round.done_at) AS done_week, count(*) AS owed, count(*) FILTER (WHERE round.ending = 'exempt') AS exempt,
       count(*) FILTER (WHERE round.called_at IS NOT NULL AND round.ending <> 'exempt') AS called
FROM public.cases_cycle AS round JOIN public.cases_case AS secret ON secret.id = round.case_id
WHERE secret.confidential AND round.done_at IS NOT NULL AND NOT round.imported AND round.ending <> 'withdrawn' GROUP BY 1;

CREATE VIEW reading.outages AS
SELECT told.number, unit.code AS unit, bureau.code AS bureau, told.kind, told.state, told.area, told.line,
       jsonb_array_length(told.transformers) AS transformers, told.users, told.customers, told.important,
       told.published_at, told.channel, told.confirmed_at, told.planned_start_at, told.planned_end_at, told.started_at, told.ended_at,
       told.change, told.cause, told.night_on, told.external, told.shortage, told.analysed, told.notice_promise, told.notice_due_at,
       told.notice_by_day, told.user_seconds, told.customers_off, told.customer_seconds,
       told.event_at, reading.day(told.event_at) AS event_on,
       reading.day(told.published_at) AS published_on
FROM public.outages_outage AS told
LEFT JOIN public.people_unit AS unit ON unit.id = told.unit_id
LEFT JOIN public.people_unit AS bureau ON bureau.id = coalesce(unit.bureau_id, unit.id);

CREATE VIEW reading.supply_days AS
SELECT counted.day, unit.code AS unit, bureau.code AS bureau, counted.area, counted.users, counted.customers, counted.due,
       counted.customer_due, counted.lost, counted.lost_external, counted.lost_shortage, counted.supplied, counted.supplied_but_external,
       counted.supplied_but_shortage, counted.customer_supplied, counted.users_off, counted.customers_off, counted.customer_seconds
FROM public.outages_supplyday AS counted
LEFT JOIN public.people_unit AS unit ON unit.id = counted.unit_id
LEFT JOIN public.people_unit AS bureau ON bureau.id = coalesce(unit.bureau_id, unit.id);

CREATE VIEW reading.voltage AS
SELECT point.code AS point, unit.code AS unit, bureau.code AS bureau, read.area, read.klass, point.nominal, point.lower, point.upper,
       read.first_date, read.last_date, read.monitored, read.over, read.under, read.within
FROM public.outages_voltagereading AS read JOIN public.outages_voltagepoint AS point ON point.id = read.point_id
LEFT JOIN public.people_unit AS unit ON unit.id = read.unit_id
LEFT JOIN public.people_unit AS bureau ON bureau.id = coalesce(unit.bureau_id, unit.id);

-- Every figure of every frozen report, as it was read out; `latest`: no erratum came after it.
CREATE VIEW reading.figures AS
SELECT frozen.kind, frozen.week AS period, whole.code AS report_unit, frozen.version,
       frozen.version = max(frozen.version) OVER (PARTITION BY frozen.kind, frozen.week, frozen.unit_id) AS latest,
       (said.content->>'from')::date AS from_date, (said.content->>'to')::date AS to_date,
       frozen.at, frozen.known, frozen.seal, frozen.digest, frozen.recorded_at AS frozen_at, approval.recorded_at AS approved_at,
       told.figure->>'code' AS code, (said.content->'editions'->>(told.figure->>'code'))::integer AS edition,
       told.figure->>'unit' AS unit, told.figure->>'measure' AS measure, (told.figure->>'decimals')::integer AS decimals,
       (told.figure->>'numerator')::bigint AS numerator, (told.figure->>'denominator')::bigint AS denominator,
       (told.figure->>'value')::numeric AS value, (told.figure->>'target')::numeric AS target
FROM public.reports_snapshot AS frozen
CROSS JOIN LATERAL (SELECT frozen.content::jsonb AS content) AS said
CROSS JOIN LATERAL jsonb_array_elements(said.content->'figures') AS told(figure)
LEFT JOIN public.people_unit AS whole ON whole.id = frozen.unit_id
LEFT JOIN public.reports_approval AS approval ON approval.snapshot_id = frozen.id;

GRANT SELECT ON ALL TABLES IN SCHEMA reading TO "{role}";
"""
UNDO = """
DROP VIEW reading.figures, reading.voltage, reading.supply_days, reading.outages, reading.withheld_rounds, reading.withheld_clocks;
DROP VIEW reading.breaches, reading.clocks, reading.rounds, reading.cases;
DROP FUNCTION reading.kept, reading.due_within, reading.week, reading.day, reading.zone;
DROP TABLE reading.indicators, reading.about;
"""


class Migration(migrations.Migration):
    """Undone, the views of before have to be made again by hand: nobody goes back behind them."""

    dependencies = [
        ("reports", "0006_reading_views"),
        ("outages", "0004_ends"),
    ]
    operations = [migrations.RunSQL(VIEWS.replace("{role}", settings.BIHUAN_APP_ROLE), UNDO)]
