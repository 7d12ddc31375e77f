"""An approval is of the legal details, to which a representative's e-mail address, phone and position do not belong:
the hashes of reviews that are about the details as they are now are made anew without them."""

import hashlib
import json

from django.db import migrations

_BUSINESS = (
    "legal_name", "business_type", "registration_country", "registration_type", "registration_number",
    "street", "city", "region", "postal_code", "country",
)  # fmt: skip
_BEFORE = (
    *_BUSINESS, "first_name", "first_email", "first_phone", "first_title",
    "second_name", "second_email", "second_phone", "second_title",
)  # fmt: skip
_AFTER = (*_BUSINESS, "first_name", "second_name")


def _hash(profile, fields):
    said = [str(getattr(profile, field)) for field in fields]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def hash_again(apps, schema_editor):
    _move(apps, _BEFORE, _AFTER)


def hash_as_before(apps, schema_editor):
    _move(apps, _AFTER, _BEFORE)


def _move(apps, old, new):
    reviews = apps.get_model("compliance", "ProviderReview").objects
    profiles = apps.get_model("compliance", "KycProfile").objects.filter(
        location__provider_reviews__isnull=False
    )
    for profile in profiles.distinct().iterator(chunk_size=500):
        reviews.filter(location_id=profile.location_id, legal_hash=_hash(profile, old)).update(
            legal_hash=_hash(profile, new)
        )


class Migration(migrations.Migration):
    dependencies = [("compliance", "0018_kyc_pages_and_region")]

    operations = [migrations.RunPython(hash_again, hash_as_before, elidable=True)]
