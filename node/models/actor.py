"""Actors: everyone who can speak on the wire, ours and foreign, and their keys."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model


class ActorKind(StrEnum):
    """What kind of actor this is, in the wire's words."""

    PERSON = "Person"
    GROUP = "Group"
    APPLICATION = "Application"
    SERVICE = "Service"
    ORGANIZATION = "Organization"


class ActorState(StrEnum):
    """Whether the actor may still be read and reached."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    GONE = "gone"


class KeyKind(StrEnum):
    """The algorithm of a key."""

    RSA = "rsa"
    ED25519 = "ed25519"


class Actor(Model):
    """One actor. Local rows are never deleted: a name never returns."""

    id = fields.BigIntField(primary_key=True)
    uri = fields.CharField(max_length=2048, unique=True)
    kind = fields.CharEnumField(ActorKind, max_length=20)
    is_local = fields.BooleanField(default=False)
    local_name = fields.CharField(max_length=30, null=True, unique=True)
    """The name of a local actor; empty for foreign ones. Members and Groups share one name space."""
    name = fields.CharField(max_length=255)
    """preferredUsername, in the case its server gives."""
    host = fields.CharField(max_length=255, db_index=True)
    display_name = fields.CharField(max_length=500, default="")
    bio_html = fields.TextField(default="")
    bio_source = fields.TextField(default="")
    language = fields.CharField(max_length=35, default="")
    url = fields.CharField(max_length=2048, null=True)
    inbox_url = fields.CharField(max_length=2048, null=True)
    shared_inbox_url = fields.CharField(max_length=2048, null=True)
    outbox_url = fields.CharField(max_length=2048, null=True)
    followers_uri = fields.CharField(max_length=2048, null=True)
    following_uri = fields.CharField(max_length=2048, null=True)
    featured_uri = fields.CharField(max_length=2048, null=True)
    avatar_url = fields.CharField(max_length=2048, null=True)
    """Absolute address of the picture, ours or foreign."""
    header_url = fields.CharField(max_length=2048, null=True)
    manually_approves = fields.BooleanField(default=False)
    discoverable = fields.BooleanField(default=False)
    indexable = fields.BooleanField(default=False)
    moved_to = fields.CharField(max_length=2048, null=True)
    moved_at = fields.DatetimeField(null=True)
    """When the last Move of this actor counted; another one within a week does not."""
    also_known_as: fields.JSONField[list[str]] = fields.JSONField(default=list)
    profile_fields: fields.JSONField[list[dict[str, str]]] = fields.JSONField(default=list)
    """Rows of the profile: name (plain) and value (clean HTML)."""
    state = fields.CharEnumField(ActorState, max_length=20, default=ActorState.ACTIVE)
    suspended_at = fields.DatetimeField(null=True)
    """When a moderator here suspended it; a host that is let in again doesn't bring it back."""
    limited_at = fields.DatetimeField(null=True, db_index=True)
    """When a moderator here limited it: only its followers meet it in lists and notices."""
    published_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    fetched_at = fields.DatetimeField(null=True)
    """When a foreign document was last read."""
    document = fields.TextField(null=True)
    """The foreign document as read, JSON."""

    class Meta:
        table = "actor"
        indexes = (("name", "host"),)


class ActorKey(Model):
    """A key of an actor; only our own have a private half, wrapped with SECRET_KEY."""

    id = fields.BigIntField(primary_key=True)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="keys", on_delete=fields.CASCADE
    )
    actor_id: int
    key_id = fields.CharField(max_length=2048, unique=True)
    kind = fields.CharEnumField(KeyKind, max_length=10)
    public = fields.TextField()
    """PEM (SPKI) for RSA, multibase for Ed25519."""
    private_wrapped = fields.TextField(null=True)
    created_at = fields.DatetimeField()
    fetched_at = fields.DatetimeField(null=True)
    retired_at = fields.DatetimeField(null=True)

    class Meta:
        table = "actor_key"
