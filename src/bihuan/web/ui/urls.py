"""Addresses that belong to no desk."""

from django.urls import path

from bihuan.web.ui import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("theme/", views.theme, name="theme"),
    path("health/", views.health, name="health"),
]
