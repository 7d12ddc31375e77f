"""Addresses of dashboards."""

from django.urls import path

from dashboards import views

app_name = "dashboards"
urlpatterns = [
    path("", views.home, name="home"),
    path("outbound/", views.outbound, name="outbound"),
    path("outbound/calls-by-day.json", views.calls_by_day, name="calls_by_day"),
    path("today", views.today, name="today"),
]
