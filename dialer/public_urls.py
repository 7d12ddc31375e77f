"""The address of the public page, short because it is spoken and sent by text."""

from django.urls import path

from dialer.views import public

app_name = "public"
urlpatterns = [
    path("", public.enter, name="enter"),
    path("<str:token>", public.objection, name="objection"),
]
