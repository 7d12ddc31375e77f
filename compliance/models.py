"""The consent ledger, do-not-call entries, decisions, and the reservations that hold the limits."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.fields import CodeField
from accounts.immutable import AppendOnlyQuerySet
from accounts.models import Location, Organization, User
from compliance.api_models import ApiAnswer as ApiAnswer
from compliance.api_models import ApiToken as ApiToken
from compliance.donotcall_models import DoNotCallImport as DoNotCallImport
from compliance.emergency_models import Emergency as Emergency
from compliance.list_models import ExternalList as ExternalList
from compliance.list_models import ListBlock as ListBlock
from compliance.list_models import ListChange as ListChange
from compliance.list_models import ListEdition as ListEdition
from compliance.list_models import ListEvent as ListEvent
from compliance.list_models import ListEventKind as ListEventKind
from compliance.list_models import ListKind as ListKind
from compliance.public_models import SpokenCode as SpokenCode
from compliance.refusal_models import Refusal as Refusal
from compliance.seal_models import Book as Book
from compliance.seal_models import Part as Part
from compliance.seal_models import Seal as Seal
from compliance.seal_models import SealBound as SealBound
from compliance.seal_models import SealCheck as SealCheck
from contacts.models import Contact, OptInVersion
from telephony.models import CarrierAccount


class ConsentKind(models.TextChoices):
    GRANTED = "granted", "Consent given"
    REVOKED = "revoked", "Consent revoked"


class ConsentSource(models.TextChoices):
    FORM = "form", "Form"
    IMPORT = "import", "Import, with evidence"
    API = "api", "API"
    INBOUND_CALL = "inbound_call", "Inbound call"
    SMS_KEYWORD = "sms_keyword", "Text message"
    SPOKEN = "spoken", "Said on a call"
    VERBAL_CLIP = "verbal_clip", "Recording of a call"
    KEYPAD = "keypad", "Keypad on a call"
    WEB = "web", "Web page"
    STAFF = "staff", "Entered by staff"
    PROVIDER = "provider", "Reported by the phone provider"


class Purpose(models.TextChoices):
    """What the person agreed to be called for. Consent to information alone is none to marketing."""

    MARKETING = "marketing", "Marketing"
    INFORMATIONAL = "informational", "Information only"


class ConsentEntry(models.Model):
    """One event in the append-only consent ledger. Whether a contact may be called is derived from these rows.

    captured_at: when the person gave or revoked it; recorded_at: when we learned of it. text and text_hash (SHA-256)
    are the exact words shown; evidence says where the proof is (form name, list, note, point of a recorded call). url:
    of the page where it was given, or of the recorded call's page.
    form_version and scan name the opt-in form's wording and what the scanner said of it then; a grant under wording
    that was not valid (scan_valid is false) makes nobody callable. A list's entries leave text empty: it is the
    version's.
    """

    code = CodeField()
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="consent_entries", db_index=False
    )
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.SET_NULL, related_name="consent_entries", db_index=False
    )
    phone = models.CharField(max_length=16)
    kind = models.CharField(max_length=8, choices=ConsentKind.choices)
    source = models.CharField(max_length=16, choices=ConsentSource.choices)
    channel = models.CharField(max_length=8, default="voice")
    purpose = models.CharField(max_length=16, choices=Purpose.choices, default=Purpose.MARKETING)
    seller = models.CharField(max_length=120, blank=True)
    evidence = models.TextField(blank=True)
    text = models.TextField(blank=True)
    text_hash = models.CharField(max_length=64, blank=True)
    form_version = models.ForeignKey(OptInVersion, null=True, on_delete=models.RESTRICT, related_name="+")
    scan = models.ForeignKey(
        "FormScan", null=True, on_delete=models.RESTRICT, related_name="+", db_index=False
    )
    scan_valid = models.BooleanField(null=True)
    url = models.TextField(blank=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.TextField(blank=True)
    captured_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["contact", "captured_at"], name="consent_by_contact"),
            models.Index(fields=["organization", "phone"], name="consent_by_phone"),
            models.Index(fields=["location", "-recorded_at"], name="consent_by_location"),
            models.Index(fields=["location", "id"], name="consent_in_order"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(form_version=None, scan=None, scan_valid=None)
                | (
                    Q(form_version__isnull=False, scan__isnull=False, scan_valid__isnull=False)
                    & ~Q(text_hash="")
                ),
                name="consent_under_a_form_has_its_scan",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.phone}"

    @property
    def what(self) -> str:
        """What happened, in words; consent to texts is none to calls, and consent to information none to marketing."""
        if self.kind != ConsentKind.GRANTED:
            return self.get_kind_display()
        only = [", to texts only"] * (self.channel == "sms") + [", to information only"] * (
            not self.is_marketing
        )
        return self.get_kind_display() + "".join(only)

    @property
    def is_marketing(self) -> bool:
        """Whether it speaks of marketing calls, which every call of an agent counts as."""
        return self.purpose == Purpose.MARKETING

    @property
    def in_a_call(self) -> bool:
        """Whether its proof is a recorded call, whose page `url` is."""
        return self.kind == ConsentKind.GRANTED and self.source in (
            ConsentSource.VERBAL_CLIP,
            ConsentSource.INBOUND_CALL,
        )

    @property
    def shown(self) -> str:
        """The exact words that the person agreed to; empty where none are known."""
        return self.text or (self.form_version.text if self.form_version else "")


class ScanCause(models.TextChoices):
    EDIT = "edit", "Written or changed"
    DETAILS = "details", "The business's names changed"
    DAILY = "daily", "Daily scan"
    ENABLE = "enable", "Enable outbound calls"


class FormScan(models.Model):
    """What the scanner (compliance.scanner, in its version `scanner`) said of one version of an opt-in form; immutable.

    The codes are those of compliance.scanner_words, in its order.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(OptInVersion, on_delete=models.CASCADE, related_name="scans", db_index=False)
    cause = models.CharField(max_length=8, choices=ScanCause.choices)
    scanner = models.CharField(max_length=12)
    valid = models.BooleanField()
    missing_required = models.JSONField(default=list)
    missing_recommended = models.JSONField(default=list)
    other_findings = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["version", "-at", "-id"], name="form_scan_newest")]

    def __str__(self) -> str:
        return f"{self.version}: {'valid' if self.valid else 'not valid'}"


class Risk(models.TextChoices):
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class DoNotCallQuerySet(models.QuerySet["DoNotCallEntry"]):
    def active(self) -> Self:
        return self.filter(removed_at=None)


class DoNotCallEntry(models.Model):
    """A number that nobody in the organization may call. Removing keeps the row, with who and why."""

    code = CodeField()
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="do_not_call", db_index=False
    )
    phone = models.CharField(max_length=16)
    risk = models.CharField(max_length=6, choices=Risk.choices, default=Risk.HIGH)
    reason = models.TextField()
    source = models.CharField(max_length=16, choices=ConsentSource.choices)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    removal_reason = models.TextField(blank=True)

    objects = DoNotCallQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "do-not-call entries"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "phone"], condition=Q(removed_at=None), name="do_not_call_active_once"
            )
        ]
        indexes = [models.Index(fields=["organization", "-added_at"], name="do_not_call_newest")]

    def __str__(self) -> str:
        return self.phone


class DecisionKind(models.TextChoices):
    ALLOW = "allow", "Allowed"
    DEFER = "defer", "Deferred"
    REJECT = "reject", "Refused by a rule"


class Decision(models.Model):
    """One verdict of the rules about one call, immutable, with the facts it was made on.

    call_id is the dialer's row (a higher room, so no foreign key). facts (compliance.stored_facts) and edition, the
    digest of a RulesEdition, are enough to derive the finding of every rule again; evidence: what the failing ones saw.
    The database refuses changes (compliance.append_only), hourly seals make one that got through show.
    """

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="decisions", db_index=False)
    call_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()
    phone = models.CharField(max_length=16)
    decision = models.CharField(max_length=6, choices=DecisionKind.choices)
    reasons = models.JSONField(default=list)
    until = models.DateTimeField(null=True)
    decided_at = models.DateTimeField()
    facts = models.JSONField()
    evidence = models.JSONField(default=dict)
    engine = models.CharField(max_length=24)
    edition = models.CharField(max_length=64, default="")

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["call_id", "decided_at"], name="decision_by_call"),
            # What seals, exports and replays walk along.
            models.Index(fields=["location", "id"], name="decision_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.phone}"


class RulesEdition(models.Model):
    """The rules as they decided: source, packs, holidays and time zone data, kept so that old verdicts can be derived.

    digest: what Decision.edition names. content: a zip with the files (compliance.editions).
    """

    digest = models.CharField(max_length=64, primary_key=True)
    engine = models.CharField(max_length=24)
    content = models.BinaryField()
    kept_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.digest


class NumberDay(models.Model):
    """A number dialled on a local calendar day: the unique constraint is the once-a-day rule.

    One row per local date that the dial falls on in any possible zone of the number, across the installation. Rows of
    the last 336 hours are the 14-in-14-days history; count distinct dialled_at. Deleted only when the carrier refused
    the dial, so that no phone rang. location: who dialled; the dial's own decision refers to it.
    """

    phone = models.CharField(max_length=16)
    local_date = models.DateField()
    dialled_at = models.DateTimeField()
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    attempt_token = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phone", "local_date"], name="number_once_per_local_day")
        ]

    def __str__(self) -> str:
        return f"{self.phone} on {self.local_date}"


class LocationDay(models.Model):
    """How many calls a location dialled on its own calendar day, and when last.

    The check constraint is the 1,000-a-day rule; the drain counts under the location's pace lock.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+", db_index=False)
    local_date = models.DateField()
    dialled = models.PositiveIntegerField(default=0)
    last_dialled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "local_date"], name="location_day_once"),
            models.CheckConstraint(condition=Q(dialled__lte=1000), name="location_day_at_most_1000"),
        ]

    def __str__(self) -> str:
        return f"{self.dialled} on {self.local_date}"


class ReviewState(models.TextChoices):
    PREPARING = "preparing", "Being sent"
    SUBMITTED = "submitted", "In review"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    REFUSED = "refused", "Not taken"
    SUPERSEDED = "superseded", "The details changed since"

    @classmethod
    def open(cls) -> list[str]:
        return [cls.PREPARING, cls.SUBMITTED]


class ProviderReview(models.Model):
    """One submission of a location's business to the carrier's own check (telephony.trusthub), and what came of it.

    sids: what was made there, by step, each stored before the next is asked for. status: the carrier's own word.
    findings: [field, what is wrong] of its evaluation. legal_hash: of the legal details that were sent, so that an
    approval of other details completes nothing. due_at: when it is looked at next; moved ahead as a claim.
    """

    code = CodeField()
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="provider_reviews")
    account = models.ForeignKey(CarrierAccount, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.PREPARING)
    sids = models.JSONField(default=dict)
    status = models.CharField(max_length=40, blank=True)
    findings = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    trouble = models.TextField(blank=True)
    legal_hash = models.CharField(max_length=64)
    looks = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["location"],
                condition=Q(state__in=["preparing", "submitted"]),
                name="provider_review_one_at_a_time",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["preparing", "submitted"]),
                name="provider_review_due",
            ),
            models.Index(fields=["location", "-created_at"], name="provider_review_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.location}"

    @property
    def is_over(self) -> bool:
        return self.state not in ReviewState.open()


class BusinessType(models.TextChoices):
    SOLE_PROPRIETOR = "sole_proprietor", "Sole proprietor"
    LLC = "llc", "Limited liability company"
    CORPORATION = "corporation", "Corporation"
    PARTNERSHIP = "partnership", "Partnership"
    NON_PROFIT = "non_profit", "Non-profit"
    GOVERNMENT = "government", "Government"


class RegistrationType(models.TextChoices):
    EIN = "ein", "EIN (United States)"
    BN = "bn", "Business number (Canada)"
    COMPANY_NUMBER = "company_number", "Company number (United Kingdom)"
    ACN = "acn", "ACN (Australia)"
    ABN = "abn", "ABN (Australia)"
    NIF = "nif", "NIF or CIF (Spain)"
    SIREN = "siren", "SIREN or SIRET (France)"
    HRB = "hrb", "Handelsregister (Germany)"
    RFC = "rfc", "RFC (Mexico)"
    VAT = "vat", "VAT number (European Union)"
    OTHER = "other", "Another register"


class OperatingRegion(models.TextChoices):
    """Where a business does business, in the parts of the world that Twilio's business profile knows."""

    USA_AND_CANADA = "USA_AND_CANADA", "United States and Canada"
    EUROPE = "EUROPE", "Europe"
    ASIA = "ASIA", "Asia and the Pacific"
    AFRICA = "AFRICA", "Africa"
    LATIN_AMERICA = "LATIN_AMERICA", "Latin America"


class KycProfile(models.Model):
    """Who the business behind a location is, as its owner states it: the know-your-customer details.

    The fields are those of Twilio's primary customer profile and of 47 CFR 64.1200(n)(4) practice. Any of them may be
    empty in a draft; compliance.kyc says what is missing or wrong, compliance.verification moves Location.kyc_status.
    trade_names: one a line; with the legal name, those that an opt-in form may name as the caller (compliance.sellers).
    The attestations are the owner's word, dated; a change of ATTESTED fields takes them back. LEGAL fields are those
    that a provider approves.
    """

    LEGAL = (
        "legal_name", "business_type", "registration_country", "registration_type", "registration_number",
        "street", "city", "region", "postal_code", "country", "first_name", "second_name",
    )  # fmt: skip
    ATTESTED = (*LEGAL, "trade_names", "owners")

    location = models.OneToOneField(Location, on_delete=models.CASCADE, related_name="kyc_profile")
    legal_name = models.CharField(max_length=200, blank=True)
    owners = models.TextField(blank=True, max_length=1_000, default="", db_default="")
    trade_names = models.TextField(blank=True, max_length=1_000, default="", db_default="")
    business_type = models.CharField(max_length=20, choices=BusinessType.choices, blank=True)
    industry = models.CharField(max_length=80, blank=True)
    website = models.CharField(max_length=300, blank=True)
    privacy_url = models.CharField(max_length=300, blank=True, default="", db_default="")
    terms_url = models.CharField(max_length=300, blank=True, default="", db_default="")
    operates_in = models.CharField(
        max_length=20, choices=OperatingRegion.choices, blank=True, default="", db_default=""
    )
    registration_country = models.CharField(max_length=2, blank=True)
    registration_type = models.CharField(max_length=20, choices=RegistrationType.choices, blank=True)
    registration_number = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=60, blank=True)
    postal_code = models.CharField(max_length=16, blank=True)
    country = models.CharField(max_length=2, blank=True)
    first_name = models.CharField(max_length=120, blank=True)
    first_title = models.CharField(max_length=80, blank=True)
    first_email = models.CharField(max_length=254, blank=True)
    first_phone = models.CharField(max_length=32, blank=True)
    second_name = models.CharField(max_length=120, blank=True)
    second_title = models.CharField(max_length=80, blank=True)
    second_email = models.CharField(max_length=254, blank=True)
    second_phone = models.CharField(max_length=32, blank=True)
    use_case = models.TextField(blank=True)
    attestations = models.JSONField(default=list)
    attested_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    attested_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.legal_name or f"Business of {self.location}"
