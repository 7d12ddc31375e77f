"""What a report of an error tells: it leaves by mail, and is read by people who may not read what it is about."""

import re
from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class NamesOnly(SafeExceptionReporterFilter):
    """Where it failed, with which variables and fields, of which types; never their values.

    A secret has any name on its way: the typed token is `auth_token` in a view, and `value` where it is encrypted. So
    have people's numbers and what they said.
    """

    # The address of a cache may hold a password.
    hidden_settings = re.compile(
        f"{SafeExceptionReporterFilter.hidden_settings.pattern}|LOCATION", re.IGNORECASE
    )

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, str]:
        if request is None or not self.is_active(request):
            return super().get_post_parameters(request)
        return dict.fromkeys(request.POST, self.cleansed_substitute)

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: FrameType
    ) -> ItemsView[str, Any]:
        if not self.is_active(request):
            return super().get_traceback_frame_variables(request, tb_frame)
        return {name: type(value) for name, value in tb_frame.f_locals.items()}.items()
