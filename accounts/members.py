"""Who belongs to a location: inviting, changing a role, removing. A location never loses its last owner."""

from django.db import transaction

from accounts import log
from accounts.models import Location, Member, Role, User

log.register("member.invited", "invited {email} as {role}")
log.register("member.role_changed", "changed the role of {email} from {old} to {role}")
log.register("member.removed", "removed {email}")


class MemberError(Exception):
    """The change is refused; the message says why and what to do, and nothing was changed."""


def invite(location: Location, email: str, role: Role, *, by: Member) -> tuple[Member, bool]:
    """Give a person a role in the location, making their account when there is none.

    Returns the member and whether the person still has to choose a password.
    """
    _refuse_above(by, role)
    email = email.strip().lower()
    with transaction.atomic():
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            user = User.objects.create_user(email)
        member, created = Member.objects.get_or_create(user=user, location=location, defaults={"role": role})
        if not created:
            raise MemberError(
                f"{email} is already a member here, as {member.get_role_display().lower()}. Change the role below."
            )
        log.record(location, "member.invited", actor=by.user, email=email, role=role.label.lower())
    return member, not user.has_usable_password()


def change_role(member: Member, role: Role, *, by: Member) -> None:
    """Give a member another role. Raises MemberError for the last owner, and for a role above one's own."""
    with transaction.atomic():
        member = _locked(member)
        _refuse_above(by, role)
        _refuse_above(by, Role(member.role))
        if member.role == role:
            return
        _refuse_last_owner(member)
        old, member.role = Role(member.role), role
        member.save(update_fields=["role"])
        log.record(
            member.location, "member.role_changed", actor=by.user,
            email=member.user.email, old=old.label.lower(), role=role.label.lower(),
        )  # fmt: skip


def remove(member: Member, *, by: Member) -> None:
    """End a membership; the person's account and what they did stay. Raises MemberError for the last owner."""
    with transaction.atomic():
        member = _locked(member)
        _refuse_above(by, Role(member.role))
        _refuse_last_owner(member)
        log.record(member.location, "member.removed", actor=by.user, email=member.user.email)
        member.delete()


def _locked(member: Member) -> Member:
    # The location's row is the lock: two owners who remove each other at once must not both succeed.
    Location.objects.select_for_update().get(pk=member.location_id)
    return Member.objects.select_related("user", "location").get(pk=member.pk)


def _refuse_last_owner(member: Member) -> None:
    if member.role != Role.OWNER:
        return
    if not Member.objects.filter(location=member.location, role=Role.OWNER).exclude(pk=member.pk).exists():
        raise MemberError(
            f"{member.user.email} is the last owner of {member.location}. Make somebody else an owner first."
        )


def _refuse_above(by: Member, role: Role) -> None:
    if not by.may(role):
        raise MemberError(
            f"As {by.get_role_display().lower()} you cannot give or change the role {role.label.lower()}. Ask an owner."
        )
