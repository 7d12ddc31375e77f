"""Addresses of campaigns and calls."""

from django.urls import path

from dialer.views import calls, campaigns, forecasts, why

app_name = "dialer"
urlpatterns = [
    path("strip", calls.strip, name="strip"),
    path("accounts/<slug:code>/resume", campaigns.account_resume, name="account_resume"),
    path("calls/", calls.call_log, name="calls"),
    path("calls/export.csv", calls.call_export, name="calls_export"),
    path("calls/scheduled/", calls.scheduled, name="scheduled"),
    path("calls/of/<slug:contact_code>", calls.contact_calls, name="contact_calls"),
    path("calls/why/<slug:contact_code>/", why.contact, name="why_contact"),
    path("calls/to/<slug:contact_code>/", calls.place, name="place_call"),
    path("calls/test/<slug:agent_code>/", campaigns.test_agent, name="test_agent"),
    path("calls/<slug:code>/", calls.call, name="call"),
    path("calls/<slug:code>/why/", why.call, name="why"),
    path("calls/<slug:code>/now", calls.call_now, name="call_now"),
    path("calls/<slug:code>/events", calls.call_events, name="call_events"),
    path("calls/<slug:code>/recording", calls.recording, name="recording"),
    path("calls/<slug:code>/cancel", calls.call_cancel, name="call_cancel"),
    path("calls/<slug:code>/hang-up", calls.call_hang_up, name="call_hang_up"),
    path("calls/<slug:code>/move", calls.call_move, name="call_move"),
    path("campaigns/", campaigns.campaign_list, name="campaigns"),
    path("campaigns/new/", campaigns.campaign_new, name="campaign_new"),
    path("campaigns/audience", campaigns.audience_count, name="audience_count"),
    path("campaigns/<slug:code>/", campaigns.campaign, name="campaign"),
    path("campaigns/<slug:code>/edit/", campaigns.campaign_edit, name="campaign_edit"),
    path("campaigns/<slug:code>/now", campaigns.campaign_now, name="campaign_now"),
    path("campaigns/<slug:code>/events", campaigns.campaign_events, name="campaign_events"),
    path("campaigns/<slug:code>/actions", campaigns.campaign_actions, name="campaign_actions"),
    path("campaigns/<slug:code>/test/", campaigns.test_call, name="test_call"),
    path("campaigns/<slug:code>/forecast/", forecasts.forecast, name="campaign_forecast"),
    path("campaigns/<slug:code>/forecast/chart.json", forecasts.forecast_chart, name="forecast_chart"),
    path(
        "campaigns/<slug:code>/forecast/calendar.csv", forecasts.forecast_calendar, name="forecast_calendar"
    ),
    path("campaigns/<slug:code>/forecast/contacts/", forecasts.forecast_contacts, name="forecast_contacts"),
    path(
        "campaigns/<slug:code>/forecast/contacts.csv",
        forecasts.forecast_contacts_csv,
        name="forecast_contacts_csv",
    ),
    path("campaigns/<slug:code>/launch", campaigns.launch, name="campaign_launch"),
    path("campaigns/<slug:code>/pause", campaigns.pause, name="campaign_pause"),
    path("campaigns/<slug:code>/resume", campaigns.resume, name="campaign_resume"),
    path("campaigns/<slug:code>/cancel", campaigns.cancel, name="campaign_cancel"),
    path("campaigns/<slug:code>/delete", campaigns.delete_draft, name="campaign_delete"),
]
