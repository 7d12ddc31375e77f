"""Addresses of accounts: Home of a location, its settings, its long work."""

from django.urls import path

from accounts import views

app_name = "accounts"
LOCATION = "l/<slug:location_code>/"

urlpatterns = [
    path("", views.start, name="start"),
    path("time-zones/", views.time_zones, name="time_zones"),
    path(LOCATION, views.home, name="home"),
    path(LOCATION + "settings/", views.location_settings, name="settings"),
    path(LOCATION + "settings/organization/", views.organization, name="organization"),
    path(LOCATION + "settings/members/", views.members_page, name="members"),
    path(LOCATION + "settings/members/<int:member_id>/role/", views.change_role, name="change_role"),
    path(
        LOCATION + "settings/members/<int:member_id>/invite-again/", views.invite_again, name="invite_again"
    ),
    path(LOCATION + "settings/members/<int:member_id>/remove/", views.remove_member, name="remove_member"),
    path(LOCATION + "settings/history/", views.history, name="history"),
    path(LOCATION + "settings/add-location/", views.add_location, name="add_location"),
    path(LOCATION + "jobs/", views.jobs_page, name="jobs"),
    path(LOCATION + "jobs/<slug:job_code>/", views.job_row, name="job"),
    path(LOCATION + "jobs/<slug:job_code>/cancel/", views.cancel_job, name="cancel_job"),
    path(LOCATION + "jobs/<slug:job_code>/file/", views.job_file, name="job_file"),
]
