"""django-q2 entry points of compliance."""

from compliance import api_tokens, editions, list_loading, opt_in, provider, seal_checks, seals
from compliance.models import FormScan


def rescan_forms() -> None:
    opt_in.rescan_due()


def mail_form_alert(scan_id: int) -> None:
    opt_in.mail_alert(FormScan.objects.select_related("version__form__location").get(pk=scan_id))


def clear_list_numbers() -> None:
    list_loading.clear_numbers()


def forget_api_answers() -> None:
    api_tokens.forget_answers()


def look_at_review(review_id: int) -> None:
    provider.look_at(review_id)


def look_at_reviews() -> None:
    provider.look_at_due()


def keep_and_seal() -> None:
    """Keep the rules that decide, and seal the hours that are over."""
    editions.keep()
    seals.run()


def check_seals() -> None:
    seal_checks.run()
