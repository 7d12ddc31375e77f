"""Addresses of agents, prompt templates and models."""

from django.urls import path

from voiceagents import views

app_name = "voiceagents"
urlpatterns = [
    path("", views.agent_list, name="list"),
    path("new/", views.agent_new, name="new"),
    path("look", views.agent_look, name="look"),
    path("templates/", views.template_list, name="templates"),
    path("templates/new/", views.template_new, name="template_new"),
    path("templates/look", views.template_look, name="template_look"),
    path("templates/<slug:code>/", views.template, name="template"),
    path("templates/<slug:code>/delete", views.template_delete, name="template_delete"),
    path("models/", views.endpoint_list, name="endpoints"),
    path("models/new/", views.endpoint_new, name="endpoint_new"),
    path("models/<slug:code>/", views.endpoint, name="endpoint"),
    path("models/<slug:code>/try", views.endpoint_try, name="endpoint_try"),
    path("models/<slug:code>/delete", views.endpoint_delete, name="endpoint_delete"),
    path("<slug:code>/", views.agent, name="agent"),
    path("<slug:code>/autosave", views.agent_autosave, name="autosave"),
    path("<slug:code>/archive", views.agent_archive, name="archive"),
]
