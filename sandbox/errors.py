"""Twilio's REST errors: the code, the HTTP status it comes with, and its body."""

from __future__ import annotations

from typing import Any

ERRORS: dict[int, tuple[int, str]] = {
    10001: (403, "Account is not active or has no funds"),
    20001: (400, "Unknown or invalid parameter"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20005: (403, "Account is not active"),
    20404: (404, "The requested resource was not found"),
    20409: (409, "The object is assigned already"),
    20422: (400, "Invalid parameter"),
    20429: (429, "Too many concurrent requests"),
    20500: (500, "Internal server error"),
    20503: (503, "Service unavailable"),
    21201: (400, "No 'To' number is specified"),
    21205: (400, "Url is not a valid URL"),
    21210: (400, "'From' phone number not verified"),
    21211: (400, "Invalid 'To' phone number"),
    21212: (400, "Invalid 'From' phone number"),
    21213: (400, "No 'From' number is specified"),
    21214: (400, "'To' phone number cannot be reached"),
    21215: (400, "Account not authorized to call this country; check geo permissions"),
    21216: (400, "Account not allowed to call this number"),
    21217: (400, "Phone number does not appear to be valid"),
    21220: (400, "Call is not in-progress. Cannot redirect"),
    21408: (400, "Permission to send an SMS has not been enabled for the region"),
    21421: (400, "PhoneNumber is not valid"),
    21422: (400, "PhoneNumber is not available"),
    21452: (400, "No phone numbers found in area code"),
    21602: (400, "Message body is required"),
    21604: (400, "'To' phone number is required"),
    21606: (400, "The 'From' phone number is not a valid, SMS-capable number of this account"),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (429, "This 'From' number has exceeded its maximum number of queued messages"),
    21612: (400, "The 'To' phone number is not currently reachable"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    22005: (400, "Call queue full"),
}


class ApiError(Exception):
    """An error answer of the REST API."""

    def __init__(
        self,
        code: int,
        message: str = "",
        *,
        status: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        default_status, default_message = ERRORS[code]
        self.code = code
        self.status = status or default_status
        self.message = message or default_message
        self.headers = headers or {}
        super().__init__(self.message)

    def body(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
