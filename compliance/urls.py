"""Addresses of compliance: the do-not-call list, the consent ledger, a contact's consent."""

from django.urls import path

from compliance import kyc_views, views

app_name = "compliance"
urlpatterns = [
    path("", views.do_not_call, name="home"),
    path("outbound/", kyc_views.kyc, name="kyc"),
    path("outbound/attest", kyc_views.kyc_attest, name="kyc_attest"),
    path("outbound/switch", kyc_views.outbound, name="outbound"),
    path("do-not-call/add/", views.do_not_call_add, name="do_not_call_add"),
    path("do-not-call/export/", views.do_not_call_export, name="do_not_call_export"),
    path("do-not-call/<slug:code>/", views.do_not_call_entry, name="do_not_call_entry"),
    path("consent/", views.consent_ledger, name="ledger"),
    path("consent/of/<slug:code>/", views.contact_consent, name="contact_consent"),
    path("consent/of/<slug:code>/grant/", views.contact_grant, name="contact_grant"),
    path("consent/of/<slug:code>/opt-out/", views.contact_opt_out, name="contact_opt_out"),
]
