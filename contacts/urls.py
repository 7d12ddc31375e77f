"""Addresses of contacts and imports."""

from django.urls import path

from contacts.views import imports, people

app_name = "contacts"
urlpatterns = [
    path("", people.contact_list, name="list"),
    path("new/", people.contact_add, name="add"),
    path("bulk/", people.contact_bulk, name="bulk"),
    path("imports/", imports.import_list, name="imports"),
    path("imports/new/", imports.upload, name="upload"),
    path("imports/<slug:code>/", imports.choose_columns, name="import"),
    path("imports/<slug:code>/preview/", imports.preview_rows, name="import_preview"),
    path("imports/<slug:code>/report/", imports.report, name="import_report"),
    path("imports/<slug:code>/refused/", imports.refused_rows, name="import_refused"),
    path("imports/<slug:code>/discard/", imports.discard, name="import_discard"),
    path("<slug:code>/", people.contact_detail, name="contact"),
    path("<slug:code>/edit/", people.contact_edit, name="edit"),
    path("<slug:code>/delete/", people.contact_delete, name="delete"),
]
