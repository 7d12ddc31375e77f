"""Every address of the product, listed once, with the least role for looking and for writing.

`get` is None where looking is not offered (405). The named arguments say what each parameter of the address names, by
the kinds of tests.security.worlds.
"""

from dataclasses import dataclass, field

from accounts.models import Role

VIEWER, STAFF, MANAGER, OWNER = Role.VIEWER, Role.STAFF, Role.MANAGER, Role.OWNER


@dataclass(frozen=True)
class Route:
    name: str
    get: Role | None
    post: Role
    names: dict[str, str] = field(default_factory=dict)
    plain: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def route(
    name: str, get: Role | None, post: Role, plain: dict[str, str] | None = None, **names: str
) -> Route:
    return Route(name, get, post, names, plain or {})


OF_A_LOCATION = [
    route("accounts:home", VIEWER, STAFF),
    route("accounts:settings", VIEWER, MANAGER),
    route("accounts:organization", VIEWER, OWNER),
    route("accounts:members", VIEWER, MANAGER),
    route("accounts:change_role", None, MANAGER, member_id="member"),
    route("accounts:invite_again", None, MANAGER, member_id="member"),
    route("accounts:remove_member", None, MANAGER, member_id="member"),
    route("accounts:history", VIEWER, STAFF),
    route("accounts:add_location", OWNER, OWNER),
    route("accounts:jobs", VIEWER, STAFF),
    route("accounts:job", VIEWER, STAFF, job_code="job"),
    route("accounts:cancel_job", None, STAFF, job_code="job"),
    route("accounts:job_file", VIEWER, STAFF, job_code="job"),
    route("contacts:list", VIEWER, STAFF),
    route("contacts:add", STAFF, STAFF),
    route("contacts:bulk", None, STAFF),
    route("contacts:imports", VIEWER, STAFF),
    route("contacts:upload", STAFF, STAFF),
    route("contacts:import", STAFF, STAFF, code="import"),
    route("contacts:import_preview", STAFF, STAFF, code="import"),
    route("contacts:import_report", VIEWER, STAFF, code="report"),
    route("contacts:import_refused", VIEWER, STAFF, code="report"),
    route("contacts:import_discard", STAFF, STAFF, code="import"),
    route("contacts:contact", VIEWER, STAFF, code="contact"),
    route("contacts:edit", STAFF, STAFF, code="contact"),
    route("contacts:delete", None, STAFF, code="contact"),
    route("compliance:home", VIEWER, STAFF),
    route("compliance:enable", VIEWER, STAFF),
    route("compliance:kyc", VIEWER, OWNER),
    route("compliance:kyc_send", None, OWNER),
    route("compliance:kyc_attest", None, OWNER),
    route("compliance:outbound", None, MANAGER),
    route("compliance:forms", VIEWER, STAFF),
    route("compliance:form_new", MANAGER, MANAGER),
    route("compliance:form_look", None, MANAGER),
    route("compliance:form", VIEWER, STAFF, code="form"),
    route("compliance:form_edit", MANAGER, MANAGER, code="form"),
    route("compliance:form_retire", None, MANAGER, code="form"),
    route("compliance:form_version", VIEWER, STAFF, {"number": "1"}, code="form"),
    route("compliance:proof", VIEWER, STAFF),
    route("compliance:proof_export", None, MANAGER),
    route("compliance:proof_replay", None, MANAGER),
    route("compliance:proof_check", None, MANAGER),
    route("compliance:do_not_call_add", STAFF, STAFF),
    route("compliance:do_not_call_export", VIEWER, STAFF),
    route("compliance:do_not_call_imports", VIEWER, STAFF),
    route("compliance:do_not_call_upload", STAFF, STAFF),
    route("compliance:do_not_call_import", VIEWER, STAFF, code="numbers"),
    route("compliance:do_not_call_refused", VIEWER, STAFF, code="numbers"),
    route("compliance:do_not_call_discard", STAFF, STAFF, code="numbers"),
    route("compliance:do_not_call_entry", VIEWER, MANAGER, code="entry"),
    route("compliance:external_lists", VIEWER, STAFF),
    route("compliance:external_list_add", MANAGER, MANAGER),
    route("compliance:external_list", VIEWER, MANAGER, code="list"),
    route("compliance:external_list_end", OWNER, OWNER, code="list"),
    route("compliance:external_list_resume", MANAGER, MANAGER, code="ended_list"),
    route("compliance:emergencies", VIEWER, MANAGER),
    route("compliance:emergency_lift", MANAGER, MANAGER, code="emergency"),
    route("compliance:api_tokens", MANAGER, MANAGER),
    route("compliance:api_token_revoke", None, MANAGER, code="api_access"),
    route("compliance:ledger", VIEWER, STAFF),
    route("compliance:consent_export", MANAGER, MANAGER),
    route("compliance:consent_entry", VIEWER, STAFF, code="consent"),
    route("compliance:contact_consent", VIEWER, STAFF, code="contact"),
    route("compliance:contact_grant", None, STAFF, code="contact"),
    route("compliance:contact_opt_out", None, STAFF, code="contact"),
    route("phone_numbers:list", VIEWER, STAFF),
    route("phone_numbers:add", MANAGER, MANAGER),
    route("phone_numbers:buy", None, MANAGER),
    route("phone_numbers:import", MANAGER, MANAGER),
    route("phone_numbers:carrier", MANAGER, OWNER),
    route("phone_numbers:carrier_pace", None, OWNER, code="account"),
    route("phone_numbers:carrier_token", None, OWNER, code="account"),
    route("phone_numbers:carrier_resume", None, MANAGER, code="account"),
    route("phone_numbers:detail", VIEWER, MANAGER, code="number"),
    route("phone_numbers:register", None, MANAGER, code="number"),
    route("phone_numbers:release", None, MANAGER, code="number"),
    route("phone_numbers:qr", VIEWER, STAFF, {"way": "call", "kind": "svg"}, code="number"),
    route("voiceagents:list", VIEWER, STAFF),
    route("voiceagents:new", MANAGER, MANAGER),
    route("voiceagents:look", None, MANAGER),
    route("voiceagents:templates", VIEWER, STAFF),
    route("voiceagents:template_new", STAFF, STAFF),
    route("voiceagents:template_look", None, STAFF),
    route("voiceagents:template", VIEWER, STAFF, code="template"),
    route("voiceagents:template_delete", None, STAFF, code="template"),
    route("voiceagents:endpoints", VIEWER, STAFF),
    route("voiceagents:endpoint_new", MANAGER, MANAGER),
    route("voiceagents:endpoint", MANAGER, MANAGER, code="endpoint"),
    route("voiceagents:endpoint_try", None, MANAGER, code="endpoint"),
    route("voiceagents:endpoint_delete", None, MANAGER, code="endpoint"),
    route("voiceagents:agent", VIEWER, MANAGER, code="agent"),
    route("voiceagents:autosave", None, MANAGER, code="agent"),
    route("voiceagents:archive", None, MANAGER, code="agent"),
    route("dialer:strip", VIEWER, STAFF),
    route("dialer:account_resume", None, MANAGER, code="account"),
    route("dialer:calls", VIEWER, STAFF),
    route("dialer:calls_export", VIEWER, STAFF),
    route("dialer:scheduled", VIEWER, STAFF),
    route("dialer:contact_calls", VIEWER, STAFF, contact_code="contact"),
    route("dialer:why_contact", VIEWER, STAFF, contact_code="contact"),
    route("dialer:why", VIEWER, STAFF, code="call"),
    route("dialer:place_call", STAFF, STAFF, contact_code="contact"),
    route("dialer:test_agent", VIEWER, STAFF, agent_code="agent"),
    route("dialer:call", VIEWER, STAFF, code="call"),
    route("dialer:call_now", VIEWER, STAFF, code="call"),
    route("dialer:call_events", VIEWER, STAFF, code="call"),
    route("dialer:recording", VIEWER, STAFF, code="call"),
    route("dialer:call_cancel", None, STAFF, code="call"),
    route("dialer:call_hang_up", None, STAFF, code="call"),
    route("dialer:call_move", None, STAFF, code="call"),
    route("dialer:campaigns", VIEWER, STAFF),
    route("dialer:campaign_new", STAFF, STAFF),
    route("dialer:audience_count", VIEWER, STAFF),
    route("dialer:campaign", VIEWER, STAFF, code="campaign"),
    route("dialer:campaign_edit", STAFF, STAFF, code="campaign"),
    route("dialer:campaign_now", VIEWER, STAFF, code="campaign"),
    route("dialer:campaign_events", VIEWER, STAFF, code="campaign"),
    route("dialer:campaign_actions", VIEWER, STAFF, code="campaign"),
    route("dialer:test_call", VIEWER, STAFF, code="campaign"),
    route("dialer:campaign_forecast", VIEWER, STAFF, code="campaign"),
    route("dialer:forecast_chart", VIEWER, STAFF, code="campaign"),
    route("dialer:forecast_calendar", VIEWER, STAFF, code="campaign"),
    route("dialer:forecast_contacts", VIEWER, STAFF, code="campaign"),
    route("dialer:forecast_contacts_csv", VIEWER, STAFF, code="campaign"),
    route("dialer:campaign_launch", None, MANAGER, code="campaign"),
    route("dialer:campaign_pause", None, MANAGER, code="campaign"),
    route("dialer:campaign_resume", None, MANAGER, code="campaign"),
    route("dialer:campaign_cancel", None, MANAGER, code="campaign"),
    route("dialer:campaign_delete", None, MANAGER, code="campaign"),
    route("dashboards:home", VIEWER, STAFF),
    route("dashboards:outbound", VIEWER, STAFF),
    route("dashboards:calls_by_day", VIEWER, STAFF),
    route("dashboards:today", VIEWER, STAFF),
]

# Of a person, not of a location: status when signed out (None: it asks to sign in), and when signed in without a
# password or a second factor, so that there is nothing to ask for again.
OF_A_PERSON = {
    "accounts:start": (None, 302),
    "accounts:time_zones": (None, 200),
    "account_login": (200, 302),
    "account_logout": (302, 200),
    "account_inactive": (200, 200),
    "account_signup": (200, 302),
    "account_reauthenticate": (None, 403),
    "account_email": (None, 200),
    "account_email_verification_sent": (200, 200),
    "account_change_password": (None, 302),
    "account_set_password": (None, 200),
    "account_reset_password": (200, 200),
    "account_confirm_login_code": (302, 302),
    "account_confirm_email": (200, 200),
    "account_reset_password_from_key_done": (200, 200),
    "account_reset_password_from_key": (200, 200),
    "account_reset_password_done": (200, 200),
    "mfa_index": (None, 200),
    "mfa_authenticate": (302, 302),
    "mfa_reauthenticate": (None, 403),
    "mfa_activate_totp": (None, 200),
    "mfa_deactivate_totp": (None, 404),
    "mfa_view_recovery_codes": (None, 404),
    "mfa_generate_recovery_codes": (None, 200),
    "mfa_download_recovery_codes": (None, 404),
}

# Of anybody: tests.compliance.test_hosted and tests.dialer.test_public_page say what they may do there.
OF_ANYBODY = {"agree", "public:enter", "public:objection"}

# Of machines: tests.security.test_webhooks, tests.compliance.test_api and tests.dashboards say who gets in.
OF_MACHINES = {
    "telephony:callback",
    "telephony:message",
    "api:opt_outs",
    "api:consents",
    "healthz",
    "metrics",
}

# Answered with 404 to those who may, when the form is empty or the call has no recording.
MISSING_FOR_ALL = {"dialer:recording", "phone_numbers:buy", "phone_numbers:import"}
