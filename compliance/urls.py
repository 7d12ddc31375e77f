"""Addresses of compliance: the do-not-call list, the consent ledger, a contact's consent."""

from django.urls import path

from compliance import (
    donotcall_views,
    emergency_views,
    kyc_views,
    list_views,
    opt_in_views,
    proof_views,
    views,
)

app_name = "compliance"
urlpatterns = [
    path("", views.do_not_call, name="home"),
    path("outbound/", kyc_views.enable, name="enable"),
    path("outbound/business/", kyc_views.kyc, name="kyc"),
    path("outbound/attest", kyc_views.kyc_attest, name="kyc_attest"),
    path("outbound/verify", kyc_views.kyc_send, name="kyc_send"),
    path("outbound/switch", kyc_views.outbound, name="outbound"),
    path("proof/", proof_views.proof, name="proof"),
    path("proof/export", proof_views.export, name="proof_export"),
    path("proof/replay", proof_views.replay, name="proof_replay"),
    path("forms/", opt_in_views.form_list, name="forms"),
    path("forms/new/", opt_in_views.form_new, name="form_new"),
    path("forms/look", opt_in_views.form_look, name="form_look"),
    path("forms/<slug:code>/", opt_in_views.form_detail, name="form"),
    path("forms/<slug:code>/edit/", opt_in_views.form_edit, name="form_edit"),
    path("forms/<slug:code>/retire", opt_in_views.form_retire, name="form_retire"),
    path("forms/<slug:code>/<int:number>/", opt_in_views.form_version, name="form_version"),
    path("do-not-call/add/", views.do_not_call_add, name="do_not_call_add"),
    path("do-not-call/export/", views.do_not_call_export, name="do_not_call_export"),
    path("do-not-call/lists/", donotcall_views.import_list, name="do_not_call_imports"),
    path("do-not-call/lists/add/", donotcall_views.upload, name="do_not_call_upload"),
    path("do-not-call/lists/<slug:code>/", donotcall_views.list_import, name="do_not_call_import"),
    path("do-not-call/lists/<slug:code>/refused/", donotcall_views.refused_rows, name="do_not_call_refused"),
    path("do-not-call/lists/<slug:code>/discard/", donotcall_views.discard, name="do_not_call_discard"),
    path("do-not-call/<slug:code>/", views.do_not_call_entry, name="do_not_call_entry"),
    path("lists/", list_views.external_lists, name="external_lists"),
    path("lists/add/", list_views.external_list_add, name="external_list_add"),
    path("lists/<slug:code>/", list_views.external_list, name="external_list"),
    path("lists/<slug:code>/end/", list_views.external_list_end, name="external_list_end"),
    path("lists/<slug:code>/resume/", list_views.external_list_resume, name="external_list_resume"),
    path("emergencies/", emergency_views.emergency_list, name="emergencies"),
    path("emergencies/<slug:code>/lift", emergency_views.emergency_lift, name="emergency_lift"),
    path("consent/", views.consent_ledger, name="ledger"),
    path("consent/of/<slug:code>/", views.contact_consent, name="contact_consent"),
    path("consent/of/<slug:code>/grant/", views.contact_grant, name="contact_grant"),
    path("consent/of/<slug:code>/opt-out/", views.contact_opt_out, name="contact_opt_out"),
]
