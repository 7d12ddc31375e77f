"""Which path leads where."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route

from sandbox.errors import ApiError
from sandbox.rest import calls, messages, numbers, recordings, trusthub
from sandbox.rest.front import Ask, endpoint

OTHER_PRODUCTS = ("messaging", "content", "voice", "events", "monitor", "lookups", "pricing")


def account(ask: Ask) -> tuple[int, dict[str, Any]]:
    return 200, ask.account.json()


async def not_found(request: Request) -> JSONResponse:
    path = request.url.path.removeprefix("/api")
    error = ApiError(20404, f"The requested resource {path} was not found")
    return JSONResponse(error.body(), error.status)


def _route(path: str, method: str, operation: str, handler: Any) -> Route:
    return Route("/Accounts/{account}" + path, endpoint(operation, handler), methods=[method])


def _trust(path: str, method: str, operation: str, handler: Any) -> Route:
    return Route(path, endpoint(f"trusthub.{operation}", handler), methods=[method])


def _trust_routes() -> list[BaseRoute]:
    profiles = "/CustomerProfiles"
    return [
        _trust("/Policies", "GET", "policies.list", trusthub.policies),
        _trust("/EndUsers", "POST", "end_users.create", trusthub.end_user_create),
        _trust("/EndUsers", "GET", "end_users.list", trusthub.end_user_list),
        _trust("/SupportingDocuments", "POST", "documents.create", trusthub.document_create),
        _trust("/SupportingDocuments", "GET", "documents.list", trusthub.document_list),
        _trust(profiles, "POST", "profiles.create", trusthub.profile_create),
        _trust(profiles, "GET", "profiles.list", trusthub.profile_list),
        _trust(profiles + "/{sid}", "GET", "profiles.fetch", trusthub.profile_fetch),
        _trust(profiles + "/{sid}", "POST", "profiles.update", trusthub.profile_update),
        _trust(
            profiles + "/{sid}/EntityAssignments", "POST", "assignments.create", trusthub.assignment_create
        ),
        _trust(profiles + "/{sid}/EntityAssignments", "GET", "assignments.list", trusthub.assignment_list),
        _trust(profiles + "/{sid}/Evaluations", "POST", "evaluations.create", trusthub.evaluation_create),
        Route("/{path:path}", not_found, methods=["GET", "POST", "PUT", "DELETE"]),
    ]


def routes() -> list[BaseRoute]:
    api = [
        _route(".json", "GET", "account.fetch", account),
        _route("/Calls.json", "POST", "calls.create", calls.create),
        _route("/Calls.json", "GET", "calls.list", calls.listing),
        _route("/Calls/{sid}.json", "GET", "calls.fetch", calls.fetch),
        _route("/Calls/{sid}.json", "POST", "calls.update", calls.update),
        _route("/Calls/{sid}/Recordings.json", "GET", "recordings.list", recordings.listing),
        _route("/Calls/{sid}/Recordings.json", "POST", "recordings.create", recordings.start),
        _route("/Calls/{sid}/Recordings/{recording}.json", "POST", "recordings.update", recordings.stop),
        _route("/Messages.json", "POST", "messages.create", messages.create),
        _route("/Messages.json", "GET", "messages.list", messages.listing),
        _route("/Messages/{sid}.json", "GET", "messages.fetch", messages.fetch),
        _route("/IncomingPhoneNumbers.json", "POST", "numbers.create", numbers.buy),
        _route("/IncomingPhoneNumbers.json", "GET", "numbers.list", numbers.listing),
        _route("/IncomingPhoneNumbers/{sid}.json", "GET", "numbers.fetch", numbers.fetch),
        _route("/IncomingPhoneNumbers/{sid}.json", "POST", "numbers.update", numbers.update),
        _route("/IncomingPhoneNumbers/{sid}.json", "DELETE", "numbers.delete", numbers.release),
        _route("/AvailablePhoneNumbers.json", "GET", "available.list", numbers.available_countries),
        _route("/AvailablePhoneNumbers/{country}/{kind}.json", "GET", "available.search", numbers.search),
        _route("/Addresses.json", "POST", "addresses.create", trusthub.address_create),
        _route("/Addresses.json", "GET", "addresses.list", trusthub.address_list),
        _route("/Recordings.json", "GET", "recordings.list", recordings.listing),
        _route("/Recordings/{sid}.json", "GET", "recordings.fetch", recordings.fetch),
        _route("/Recordings/{sid}.json", "DELETE", "recordings.delete", recordings.delete),
        _route("/Recordings/{sid}.wav", "GET", "recordings.media", recordings.media),
        _route("/Recordings/{sid}.mp3", "GET", "recordings.media", recordings.no_media),
        _route("/Recordings/{sid}", "GET", "recordings.media", recordings.media),
        _route("/Recordings/{sid}", "DELETE", "recordings.delete", recordings.delete),
        Route("/{path:path}", not_found, methods=["GET", "POST", "PUT", "DELETE"]),
    ]
    others = [
        Route(f"/{product}/{{path:path}}", not_found, methods=["GET", "POST", "PUT", "DELETE"])
        for product in OTHER_PRODUCTS
    ]
    return [Mount("/api/2010-04-01", routes=api), Mount("/trusthub/v1", routes=_trust_routes()), *others]
