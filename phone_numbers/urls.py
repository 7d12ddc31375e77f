"""Addresses of phone numbers and of the carrier account."""

from django.urls import path, re_path

from phone_numbers import carrier, views

app_name = "phone_numbers"
urlpatterns = [
    path("", views.number_list, name="list"),
    path("add/", views.number_add, name="add"),
    path("buy", views.number_buy, name="buy"),
    path("import/", views.number_import, name="import"),
    path("carrier/", carrier.carrier, name="carrier"),
    path("carrier/<slug:code>/pace", carrier.carrier_pace, name="carrier_pace"),
    path("carrier/<slug:code>/token", carrier.carrier_token, name="carrier_token"),
    path("carrier/<slug:code>/resume", carrier.carrier_resume, name="carrier_resume"),
    path("<slug:code>/", views.number_detail, name="detail"),
    path("<slug:code>/register", views.number_register, name="register"),
    path("<slug:code>/release", views.number_release, name="release"),
    re_path(r"^(?P<code>[\w-]+)/(?P<way>call|text)\.(?P<kind>svg|png)$", views.number_qr, name="qr"),
]
