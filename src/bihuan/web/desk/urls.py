"""Addresses of the desk."""

from django.urls import path

from bihuan.web.desk.views.board import board
from bihuan.web.desk.views.callbacks import callbacks
from bihuan.web.desk.views.case import case_page, reveal, take_step
from bihuan.web.desk.views.home import home
from bihuan.web.desk.views.intake import find, intake
from bihuan.web.desk.views.promises import promises
from bihuan.web.desk.views.report import behind, freeze, report, report_pdf

urlpatterns = [
    path("", home, name="home"),
    path("intake/", intake, name="intake"),
    path("intake/find/", find, name="intake-find"),
    path("cases/", board, name="board"),
    path("cases/<str:number>/", case_page, name="case"),
    path("cases/<str:number>/steps/<slug:step>/", take_step, name="take-step"),
    path("cases/<str:number>/identity/", reveal, name="reveal"),
    path("callbacks/", callbacks, name="callbacks"),
    path("promises/", promises, name="promises"),
    path("reports/weekly/", report, name="report"),
    path("reports/weekly/<str:name>/", report, name="report-week"),
    path("reports/weekly/<str:name>/pdf/", report_pdf, name="report-pdf"),
    path("reports/weekly/<str:name>/freeze/", freeze, name="report-freeze"),
    path("reports/weekly/<str:name>/<str:code>/", behind, name="behind"),
]
