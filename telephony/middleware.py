"""The carrier's callbacks go straight to their view, past everything that is there for people.

Sessions, sign-in, CSRF, messages and the headers for browsers mean nothing to a machine that proves itself by a
signature, and cost more time than the callback itself.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.decorators import sync_and_async_middleware

from telephony.webhooks import callback

PREFIX = "/voice/"


def _match(request: HttpRequest) -> ResolverMatch | None:
    """The match of a request whose view is the callbacks'; None for every other request."""
    if not request.path_info.startswith(PREFIX):
        return None
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    if match.func is not callback:
        return None
    request.resolver_match = match
    return match


@sync_and_async_middleware
def front_door(get_response: Any) -> Callable[[HttpRequest], Any]:
    """Stands before all other middleware (config.settings.MIDDLEWARE)."""
    if iscoroutinefunction(get_response):
        # Django's connections belong to the request's thread.
        answer: Callable[..., Awaitable[HttpResponseBase]] = sync_to_async(callback, thread_sensitive=True)

        async def in_a_loop(request: HttpRequest) -> HttpResponseBase:
            match = _match(request)
            return await (answer(request, **match.kwargs) if match else get_response(request))

        return in_a_loop

    def in_a_thread(request: HttpRequest) -> HttpResponseBase:
        match = _match(request)
        return callback(request, **match.kwargs) if match else get_response(request)

    return in_a_thread
