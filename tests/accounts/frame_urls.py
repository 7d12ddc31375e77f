"""Pages that use every behaviour of the frame once, for test_pages_browser.py."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import path

from accounts.access import LocationRequest, scoped
from config.urls import urlpatterns as product

HERE = Path(__file__).parent


def rendered(request: HttpRequest, name: str, **context: object) -> HttpResponse:
    template = engines["django"].from_string((HERE / name).read_text())
    return HttpResponse(template.render(context, request))


@scoped()
def listing(request: LocationRequest) -> HttpResponse:
    statuses = ["planned", "waiting", "talking", "done", "voicemail", "no_answer", "failed", "refused"]
    return rendered(request, "frame_list.html", rows=range(1, 4), statuses=statuses)


@scoped()
def detail(request: LocationRequest, n: int) -> HttpResponse:
    return rendered(request, "frame_detail.html", n=n)


@scoped()
def figures(request: LocationRequest) -> HttpResponse:
    days = ["Mon", "Tue", "Wed"]
    return JsonResponse({"labels": days, "datasets": [{"label": "Connected", "data": [3, 0, None]}]})


@scoped()
def undo(request: LocationRequest) -> HttpResponse:
    return HttpResponse("<title>Undone</title>120 calls canceled")


@scoped()
def events(request: LocationRequest) -> HttpResponse:
    return HttpResponse(status=503)


@scoped()
def fragment(request: LocationRequest) -> HttpResponse:
    return HttpResponse("<p>Polled</p>")


PLACE = "l/<slug:location_code>/frame/"
urlpatterns = [
    path(PLACE, listing),
    path(PLACE + "<int:n>/", detail),
    path(PLACE + "figures.json", figures),
    path(PLACE + "undo/", undo),
    path(PLACE + "events/", events),
    path(PLACE + "fragment/", fragment),
    *product,
]
