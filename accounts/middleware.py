"""What no page takes, said once before all of them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin


class TextOnly(MiddlewareMixin):
    """Answers 400 to a NUL in the address, a cookie or a form: nobody types one, and PostgreSQL compares with none."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        texts = [request.path_info, *request.COOKIES.values()]
        for form in (request.GET, request.POST):
            for name, values in form.lists():
                texts += [name, *values]
        if any("\0" in text for text in texts):
            # Without the request: with it, the page would look for the session that such a cookie names.
            return HttpResponseBadRequest(render_to_string("400.html"))
        return None
