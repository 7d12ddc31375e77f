"""Addresses of the API."""

from django.urls import path

from compliance import api

app_name = "api"
urlpatterns = [
    path("opt-outs", api.opt_outs, name="opt_outs"),
    path("consents", api.consents, name="consents"),
]
