"""Pages of agents, the prompt templates and the models they speak with."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import log, uses
from accounts.access import LocationRequest, scoped
from accounts.models import Location, Role
from voiceagents import building, preview, readiness, trying
from voiceagents.brains.endpoints import ModelFailedError
from voiceagents.forms import AgentForm, EndpointForm, TemplateForm
from voiceagents.models import Agent, ModelEndpoint, PromptTemplate
from voiceagents.templating import TemplateError
from voiceagents.voices import LANGUAGES

log.register("template.created", "made the prompt template {name}")
log.register("template.changed", "changed the prompt template {name}")
log.register("template.deleted", "deleted the prompt template {name}")
log.register("endpoint.created", "added the language model {name}")
log.register("endpoint.changed", "changed the language model {name}")
log.register("endpoint.deleted", "removed the language model {name}")


@scoped()
def agent_list(request: LocationRequest) -> HttpResponse:
    """The location's agents, and what each still lacks."""
    agents = Agent.objects.for_location(request.location).select_related("phone_number", "endpoint")
    return render(
        request,
        "voiceagents/list.html",
        {"rows": [(agent, readiness.problems(agent)) for agent in agents]},
    )


@scoped(Role.MANAGER, write=Role.MANAGER)
def agent_new(request: LocationRequest) -> HttpResponse:
    """A new agent; from its first saving on, the builder saves by itself."""
    home = [code for code, _ in LANGUAGES if code.endswith(f"-{request.location.country}")]
    form = AgentForm(
        request.POST if request.method == "POST" else None,
        instance=Agent(language=home[0] if home else LANGUAGES[0][0]),
        location=request.location,
    )
    if request.method == "POST" and form.is_valid():
        agent = building.create(form, actor=request.user)
        messages.success(request, f"Made {agent.name}. From now on, every change is saved as you make it.")
        return redirect("voiceagents:agent", request.location.code, agent.code)
    return _builder(request, form)


@require_POST
@scoped(write=Role.MANAGER)
def agent_look(request: LocationRequest) -> HttpResponse:
    """How a new agent would begin a call, while it is being filled in. Saves nothing."""
    form = AgentForm(request.POST, instance=Agent(), location=request.location)
    form.is_valid()
    return render(request, "voiceagents/_opening.html", _heard(form.instance))


@scoped(write=Role.MANAGER)
def agent(request: LocationRequest, code: str) -> HttpResponse:
    """The prompt builder of one agent."""
    found = _agent(request.location, code)
    version = found.updated_at.isoformat()
    form = AgentForm(
        request.POST if request.method == "POST" else None, instance=found, location=request.location
    )
    if request.method == "POST" and form.is_valid():
        try:
            building.save(form, version=request.POST.get("version", ""), actor=request.user)
        except building.NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("voiceagents:agent", request.location.code, code)
    return _builder(request, form, version=request.POST.get("version") or version)


@require_POST
@scoped(write=Role.MANAGER)
def agent_autosave(request: LocationRequest, code: str) -> HttpResponse:
    """Save what is valid of the builder as it stands; answers with the state, the errors and the preview."""
    found = _agent(request.location, code)
    form = AgentForm(request.POST, instance=found, location=request.location)
    form.is_valid()
    context: dict[str, Any] = {"form": form, "agent": found, "version": request.POST.get("version", "")}
    try:
        context["version"] = building.save(form, version=context["version"], actor=request.user).isoformat()
        context["saved_at"] = timezone.now()
    except building.NotPossible as error:
        context["refused"] = str(error)
    context |= _heard(found)
    bad = form.errors or "refused" in context
    return render(request, "voiceagents/_saved.html", context, status=422 if bad else 200)


@require_POST
@scoped(write=Role.MANAGER)
def agent_archive(request: LocationRequest, code: str) -> HttpResponse:
    """Put an agent away."""
    found = _agent(request.location, code)
    try:
        building.archive(found, actor=request.user)
    except building.NotPossible as error:
        messages.error(request, str(error))
        return redirect("voiceagents:agent", request.location.code, code)
    messages.success(request, f"Archived {found.name}. Its calls stay in the log.")
    return redirect("voiceagents:list", request.location.code)


def _builder(request: LocationRequest, form: AgentForm, version: str = "") -> HttpResponse:
    may_change = request.member.may(Role.MANAGER)
    for field in form.fields.values():
        field.disabled = not may_change
    saved = _agent(request.location, form.instance.code) if form.instance.pk else None
    context = {
        "form": form,
        "agent": saved,
        "version": version,
        "may_change": may_change,
        "problems": readiness.problems(saved) if saved else [],
        **_heard(form.instance),
    }
    return render(request, "voiceagents/agent.html", context, status=422 if form.errors else 200)


def _heard(agent: Agent) -> dict[str, str]:
    """What the preview shows: the first words of a call, or why there are none."""
    try:
        return {"opening": preview.first_words(agent)}
    except TemplateError as error:
        return {"opening_error": str(error)}


def _agent(location: Location, code: str) -> Agent:
    found = get_object_or_404(
        Agent.objects.for_location(location).select_related("phone_number", "endpoint"), code=code
    )
    found.location = location
    return found


@scoped()
def template_list(request: LocationRequest) -> HttpResponse:
    """The location's prompt templates."""
    templates = PromptTemplate.objects.filter(location=request.location)
    return render(
        request, "voiceagents/templates.html", {"rows": [(found, uses.of(found)) for found in templates]}
    )


@scoped(Role.STAFF)
def template_new(request: LocationRequest) -> HttpResponse:
    return _template_page(request, PromptTemplate())


@scoped()
def template(request: LocationRequest, code: str) -> HttpResponse:
    return _template_page(request, _template(request.location, code))


def _template_page(request: LocationRequest, found: PromptTemplate) -> HttpResponse:
    form = TemplateForm(
        request.POST if request.method == "POST" else None, instance=found, location=request.location
    )
    if request.method == "POST" and form.is_valid():
        action = "template.changed" if found.pk else "template.created"
        if form.has_changed():
            with transaction.atomic():
                saved = form.save()
                log.record(request.location, action, actor=request.user, subject=saved, name=saved.name)
        messages.success(request, "Saved. Calls placed from now on speak by it.")
        return redirect("voiceagents:template", request.location.code, found.code)
    may_change = request.member.may(Role.STAFF)
    for field in form.fields.values():
        field.disabled = not may_change
    context = {
        "form": form,
        "template": _template(request.location, found.code) if found.pk else None,
        "may_change": may_change,
        "variables": preview.VARIABLES,
        "users": uses.of(found) if found.pk else [],
        **_rendered(found),
    }
    return render(request, "voiceagents/template.html", context, status=422 if form.errors else 200)


@require_POST
@scoped()
def template_look(request: LocationRequest) -> HttpResponse:
    """What the template on the form makes for a sample contact. Saves nothing."""
    found = PromptTemplate(location=request.location, body=request.POST.get("body", ""))
    return render(request, "voiceagents/_rendered.html", _rendered(found))


@require_POST
@scoped()
def template_delete(request: LocationRequest, code: str) -> HttpResponse:
    """Delete a template that no campaign names."""
    found = _template(request.location, code)
    try:
        with transaction.atomic():
            log.record(
                request.location, "template.deleted", actor=request.user, subject=found, name=found.name
            )
            found.delete()
    except ProtectedError:
        users = ", ".join(uses.of(found)) or "a campaign that is over, which keeps what it said"
        messages.error(request, f"{found.name} is used by {users}. Nothing was deleted.")
        return redirect("voiceagents:template", request.location.code, code)
    messages.success(request, f"Deleted {found.name}.")
    return redirect("voiceagents:templates", request.location.code)


def _rendered(found: PromptTemplate) -> dict[str, str]:
    try:
        return {"rendered": preview.rendered(found)}
    except TemplateError as error:
        return {"render_error": str(error)}


def _template(location: Location, code: str) -> PromptTemplate:
    found = get_object_or_404(PromptTemplate, location=location, code=code)
    found.location = location
    return found


@scoped()
def endpoint_list(request: LocationRequest) -> HttpResponse:
    """The models that the location's agents may speak with."""
    endpoints = ModelEndpoint.objects.filter(location=request.location).order_by("name", "pk")
    return render(
        request, "voiceagents/endpoints.html", {"rows": [(found, uses.of(found)) for found in endpoints]}
    )


@scoped(Role.MANAGER, write=Role.MANAGER)
def endpoint_new(request: LocationRequest) -> HttpResponse:
    return _endpoint_page(request, ModelEndpoint(location=request.location))


@scoped(Role.MANAGER, write=Role.MANAGER)
def endpoint(request: LocationRequest, code: str) -> HttpResponse:
    return _endpoint_page(request, _endpoint(request.location, code))


def _endpoint_page(request: LocationRequest, found: ModelEndpoint) -> HttpResponse:
    form = EndpointForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        action = "endpoint.changed" if found.pk else "endpoint.created"
        with transaction.atomic():
            saved = form.save()
            log.record(request.location, action, actor=request.user, subject=saved, name=saved.name)
        messages.success(request, "Saved. Try whether it answers.")
        return redirect("voiceagents:endpoint", request.location.code, saved.code)
    context = {
        "form": form,
        "endpoint": _endpoint(request.location, found.code) if found.pk else None,
        "users": uses.of(found) if found.pk else [],
    }
    return render(request, "voiceagents/endpoint.html", context, status=422 if form.errors else 200)


@require_POST
@scoped(Role.MANAGER, write=Role.MANAGER)
def endpoint_try(request: LocationRequest, code: str) -> HttpResponse:
    """Ask the model for one short answer."""
    found = _endpoint(request.location, code)
    context: dict[str, Any]
    try:
        answer, seconds = trying.ask(found)
        context = {"answer": answer or "(no words)", "seconds": seconds}
    except (ModelFailedError, ValueError) as error:
        context = {"failure": str(error)}
    if request.htmx:
        return render(request, "voiceagents/_tried.html", context)
    if "failure" in context:
        messages.error(request, f"The model cannot be used: {context['failure']}")
    else:
        messages.success(request, f"The model answered: {context['answer']}")
    return redirect("voiceagents:endpoint", request.location.code, code)


@require_POST
@scoped(Role.MANAGER, write=Role.MANAGER)
def endpoint_delete(request: LocationRequest, code: str) -> HttpResponse:
    """Remove a model that no agent speaks with."""
    found = _endpoint(request.location, code)
    if users := uses.of(found):
        messages.error(request, f"{found.name} is used by {', '.join(users)}. Nothing was removed.")
        return redirect("voiceagents:endpoint", request.location.code, code)
    with transaction.atomic():
        log.record(request.location, "endpoint.deleted", actor=request.user, subject=found, name=found.name)
        found.delete()
    messages.success(request, f"Removed {found.name} and its key.")
    return redirect("voiceagents:endpoints", request.location.code)


def _endpoint(location: Location, code: str) -> ModelEndpoint:
    return get_object_or_404(ModelEndpoint, location=location, code=code)
