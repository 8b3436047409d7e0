"""Addresses of the desk."""

from django.urls import path

from bihuan.web.desk.views.agree import agree
from bihuan.web.desk.views.board import board
from bihuan.web.desk.views.breaches import breaches
from bihuan.web.desk.views.callbacks import (
    add_phone,
    callback_line,
    callbacks,
    end_call,
    hold,
    release,
    reveal_call,
)
from bihuan.web.desk.views.case import case_page, reveal, take_step
from bihuan.web.desk.views.findings import findings, rule_on
from bihuan.web.desk.views.home import home
from bihuan.web.desk.views.indicator import indicator_cases, indicator_file, indicator_page, indicators
from bihuan.web.desk.views.intake import find, intake
from bihuan.web.desk.views.league import league
from bihuan.web.desk.views.ledger import callback_ledger, callback_ledger_cases
from bihuan.web.desk.views.money import money
from bihuan.web.desk.views.open_data import (
    open_data,
    open_dictionary,
    open_dictionary_file,
    open_file,
)
from bihuan.web.desk.views.outage_figures import outage_figures, outage_users
from bihuan.web.desk.views.outages import (
    known_outages,
    new_outage,
    outage,
    outage_clock,
    outages,
    tell_outage,
)
from bihuan.web.desk.views.perception import perception
from bihuan.web.desk.views.process import process, process_cases
from bihuan.web.desk.views.promises import (
    compare_packs,
    pack_history,
    pack_page,
    promise_average,
    promise_cases,
    promises,
)
from bihuan.web.desk.views.promises_editing import change_promise, copy_pack, edit_pack, pack_order
from bihuan.web.desk.views.promises_trial import trial
from bihuan.web.desk.views.questionnaires import answers, questionnaire, questionnaires
from bihuan.web.desk.views.report import (
    approve,
    behind,
    freeze,
    read_by_link,
    readers,
    report,
    report_file,
    write,
)
from bihuan.web.desk.views.scorecards import score, scores
from bihuan.web.desk.views.standards import (
    edit_standard,
    grade,
    nearest,
    severity,
    standards,
    tree,
    typical_case,
)
from bihuan.web.desk.views.standards_editing import edit_case, leaf_page, new_leaf
from bihuan.web.desk.views.targets import all_targets, indicator_targets
from bihuan.web.desk.views.units import posts, unit_page, units
from bihuan.web.desk.views.voltage import new_point, voltage, voltage_point

urlpatterns = [
    path("", home, name="home"),
    path("intake/", intake, name="intake"),
    path("intake/find/", find, name="intake-find"),
    path("cases/", board, name="board"),
    path("cases/<str:number>/", case_page, name="case"),
    path("cases/<str:number>/steps/<slug:step>/", take_step, name="take-step"),
    path("cases/<str:number>/identity/", reveal, name="reveal"),
    path("standards/", standards, name="standards"),
    path("standards/nearest/", nearest, name="nearest"),
    path("standards/grade/", grade, name="grade"),
    path("standards/severity/", severity, name="severity"),
    path("standards/cases/<slug:code>/", typical_case, name="typical-case"),
    path("standards/trees/<slug:code>/", tree, name="tree"),
    path("standards/cases/<slug:code>/edit/", edit_case, name="edit-case"),
    path("standards/trees/<slug:code>/new/", new_leaf, name="new-leaf"),
    path("standards/trees/<slug:code>/<slug:leaf>/", leaf_page, name="leaf"),
    path("standards/edit/<slug:kind>/<slug:code>/", edit_standard, name="edit-standard"),
    path("perception/", perception, name="perception"),
    path("process/", process, name="process"),
    path("process/cases/", process_cases, name="process-cases"),
    path("open/", open_data, name="open-data"),
    path("open/dictionary/", open_dictionary, name="open-dictionary"),
    path("open/dictionary.csv", open_dictionary_file, {"ending": "csv"}, name="open-dictionary-csv"),
    path("open/dictionary.json", open_dictionary_file, {"ending": "json"}, name="open-dictionary-json"),
    path("open/dictionary.md", open_dictionary_file, {"ending": "md"}, name="open-dictionary-md"),
    path("open/<slug:kind>/<str:name>/<str:file>", open_file, name="open-file"),
    path("money/", money, name="money"),
    path("units/", units, name="units"),
    path("units/posts/", posts, name="posts"),
    path("units/at/<str:code>/", unit_page, name="unit"),
    path("breaches/", breaches, name="breaches"),
    path("callbacks/", callbacks, name="callbacks"),
    path("callbacks/line/", callback_line, name="callback-line"),
    path("callbacks/ledger/", callback_ledger, name="callback-ledger"),
    path("callbacks/ledger/cases/", callback_ledger_cases, name="callback-ledger-cases"),
    path("callbacks/findings/", findings, name="findings"),
    path("callbacks/findings/<str:key>/", rule_on, name="rule-on"),
    path("callbacks/scores/", scores, name="scores"),
    path("callbacks/scores/<str:number>/<str:seq>/", score, name="score"),
    path("callbacks/questions/", questionnaires, name="questionnaires"),
    path("callbacks/questions/<str:code>/", questionnaire, name="questionnaire"),
    path("callbacks/questions/<str:code>/answers/", answers, name="answers"),
    path("callbacks/<str:number>/end/", end_call, name="end-call"),
    path("callbacks/<str:number>/hold/", hold, name="hold-call"),
    path("callbacks/<str:number>/release/", release, name="release-call"),
    path("callbacks/<str:number>/reveal/", reveal_call, name="reveal-call"),
    path("callbacks/<str:number>/phones/", add_phone, name="add-phone"),
    path("indicators/", indicators, name="indicators"),
    path("indicators/targets/", all_targets, name="targets"),
    path("indicators/<str:code>/", indicator_page, name="indicator"),
    path("indicators/<str:code>/targets/", indicator_targets, name="indicator-targets"),
    path("indicators/<str:code>/cases/", indicator_cases, name="indicator-cases"),
    path("indicators/<str:code>/cases.csv", indicator_file, {"ending": "csv"}, name="indicator-csv"),
    path("indicators/<str:code>/cases.xlsx", indicator_file, {"ending": "xlsx"}, name="indicator-xlsx"),
    path("league/", league, name="league"),
    path("outages/", outages, name="outages"),
    path("outages/new/", new_outage, name="new-outage"),
    path("outages/known/", known_outages, name="known-outages"),
    path("outages/clock/", outage_clock, name="outage-clock"),
    path("outages/figures/", outage_figures, name="outage-figures"),
    path("outages/users/", outage_users, name="outage-users"),
    path("outages/<str:number>/", outage, name="outage"),
    path("outages/<str:number>/<slug:step>/", tell_outage, name="tell-outage"),
    path("voltage/", voltage, name="voltage"),
    path("voltage/new/", new_point, name="new-point"),
    path("voltage/<str:code>/", voltage_point, name="voltage-point"),
    path("promises/", promises, name="promises"),
    path("promises/compare/", compare_packs, name="compare-packs"),
    path("promises/copy/", copy_pack, name="copy-pack"),
    path("promises/order/", pack_order, name="pack-order"),
    path("promises/trials/<uuid:key>/", trial, name="trial"),
    path("promises/<slug:code>/", pack_page, name="pack"),
    path("promises/<slug:code>/history/", pack_history, name="pack-history"),
    path("promises/<slug:code>/edit/", edit_pack, name="edit-pack"),
    path("promises/<slug:code>/change/<int:place>/", change_promise, name="change-promise"),
    path("promises/<slug:code>/<slug:promise>/average/", promise_average, name="promise-average"),
    path("promises/<slug:code>/<slug:promise>/<slug:part>/", promise_cases, name="promise-cases"),
    path("reports/", report, name="report"),
    path("actions/agree/", agree, name="agree"),
    path("reports/readers/", readers, name="report-readers"),
    path("reports/read/<str:token>/", read_by_link, name="report-read"),
    path("reports/<slug:kind>/", report, name="report-kind"),
    path("reports/<slug:kind>/<str:name>/", report, name="report-of"),
    path("reports/<slug:kind>/<str:name>/file/<slug:ending>/", report_file, name="report-file"),
    path("reports/<slug:kind>/<str:name>/write/", write, name="report-write"),
    path("reports/<slug:kind>/<str:name>/approve/", approve, name="report-approve"),
    path("reports/<slug:kind>/<str:name>/freeze/", freeze, name="report-freeze"),
    path("reports/<slug:kind>/<str:name>/<str:code>/", behind, name="behind"),
]
