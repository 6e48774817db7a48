"""Members: people with an account here, their roles, sessions and one-time links."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from node.models.actor import Actor


class Role(StrEnum):
    """What a member may do here. One list, from least to most."""

    MEMBER = "member"
    EDITOR = "editor"
    MODERATOR = "moderator"
    FEDERATION_ADMIN = "federation_admin"
    STEWARD = "steward"


class MemberState(StrEnum):
    """Whether the account can be used."""

    ACTIVE = "active"
    DISABLED = "disabled"
    LEFT = "left"


class LinkPurpose(StrEnum):
    """What a one-time link opens."""

    SIGN_IN = "sign_in"
    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105 - a purpose, not a secret


class Member(Model):
    """A person with an account; what the world sees of them is their Actor."""

    id = fields.BigIntField(primary_key=True)
    actor: fields.OneToOneRelation[Actor] = fields.OneToOneField(
        "talanoa.Actor", related_name="member", on_delete=fields.RESTRICT
    )
    actor_id: int
    email = fields.CharField(max_length=254, null=True, unique=True)
    """Lower case; empty for members who only sign in with a password or a printed link."""
    password_hash = fields.CharField(max_length=200, null=True)
    role = fields.CharEnumField(Role, max_length=20, default=Role.MEMBER)
    state = fields.CharEnumField(MemberState, max_length=20, default=MemberState.ACTIVE)
    locale = fields.CharField(max_length=35, default="en")
    time_zone = fields.CharField(max_length=64, default="UTC")
    mail_notifications = fields.BooleanField(default=True)
    desk_letters_wanted = fields.BooleanField(default=True)
    """For moderators: the daily letter about what waits on the desk."""
    welcome_hidden = fields.BooleanField(default=False)
    """The five first steps were put away."""
    notifications_seen_at = fields.DatetimeField(null=True)
    invited_by_id = fields.BigIntField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "member"


class Session(Model):
    """A browser that is signed in; the cookie's token is stored hashed."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "talanoa.Member", related_name="sessions", on_delete=fields.CASCADE
    )
    member_id: int
    csrf_token = fields.CharField(max_length=64)
    created_at = fields.DatetimeField()
    used_at = fields.DatetimeField()
    proven_at = fields.DatetimeField()
    """When the person last proved who they are; admin acts want it fresh."""
    expires_at = fields.DatetimeField()
    agent = fields.CharField(max_length=200, default="")

    class Meta:
        table = "session"


class OneTimeLink(Model):
    """A link that works once: sign in, accept an invitation, set a password."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    purpose = fields.CharEnumField(LinkPurpose, max_length=20)
    member: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "talanoa.Member", related_name="links", null=True, on_delete=fields.CASCADE
    )
    member_id: int | None
    email = fields.CharField(max_length=254, null=True)
    """For an invitation: whom it was meant for, if said."""
    role = fields.CharEnumField(Role, max_length=20, null=True)
    """For an invitation: the role it grants."""
    made_by_id = fields.BigIntField(null=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "one_time_link"
