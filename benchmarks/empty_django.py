"""Parley's settings with one empty view: what Django itself takes of a callback."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config.settings import *  # noqa: F403

ROOT_URLCONF = __name__


@csrf_exempt
def nothing(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse(status=204)


urlpatterns = [path("voice/status/<token>", nothing)]
