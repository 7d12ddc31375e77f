"""One field of a form, looked at by the server as soon as it changes: `{% checked_field form.name %}` asks for it."""

from django.forms import BaseForm, BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render


def field_asked_about(request: HttpRequest, form: BaseForm) -> BoundField | None:
    """The field that `?check=` names, validated with the others as they stand; None when the form itself was sent.

    Ask before anything is saved. Raises Http404 for a name that is no field.
    """
    name = request.GET.get("check")
    if request.method != "POST" or name is None:
        return None
    if name not in form.fields:
        raise Http404("No such field")
    form.is_valid()
    return form[name]


def checked(request: HttpRequest, form: BaseForm) -> HttpResponse | None:
    """The page of field_asked_about; None when the form itself was sent."""
    bound = field_asked_about(request, form)
    return None if bound is None else render(request, "components/checked_field.html", {"bound": bound})
