"""What no page takes, said once before all of them."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin


class TextOnly(MiddlewareMixin):
    """Answers 400 to a NUL in the address, a cookie or a form: nobody types one, and PostgreSQL compares with none."""

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        texts = [request.path_info, *request.COOKIES.values()]
        for form in (request.GET, request.POST):
            for name, values in form.lists():
                texts += [name, *values]
        if any("\0" in text for text in texts):
            raise BadRequest("A text holds the character NUL.")
