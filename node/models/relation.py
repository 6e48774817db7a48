"""Who keeps away from whom, and what an actor pins to its profile."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from node.models.actor import Actor


class AvoidanceKind(StrEnum):
    """How far somebody keeps away."""

    BLOCK = "block"
    """Neither follows, reads or reaches the other."""
    MUTE = "mute"
    """Whoever mutes does not see the other; the other notices nothing."""


class Avoidance(Model):
    """An actor keeps away from another one, or from a whole host: by a member's wish, or by a Block that came in."""

    id = fields.BigIntField(primary_key=True)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="avoidances", on_delete=fields.CASCADE
    )
    actor_id: int
    subject = fields.CharField(max_length=2048, db_index=True)
    """The URI of the other actor, or the name of a host."""
    target: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="avoided_by", null=True, on_delete=fields.CASCADE
    )
    target_id: int | None
    """The other actor; empty for a host."""
    kind = fields.CharEnumField(AvoidanceKind, max_length=10)
    activity_uri = fields.CharField(max_length=2048, null=True, db_index=True)
    """The Block as it was told; empty if nobody was told."""
    created_at = fields.DatetimeField()

    class Meta:
        table = "avoidance"
        unique_together = (("actor_id", "subject"),)


class Pin(Model):
    """An object that an actor pins: one of its own, listed in its `featured` collection."""

    id = fields.BigIntField(primary_key=True)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="pins", on_delete=fields.CASCADE
    )
    actor_id: int
    object_uri = fields.CharField(max_length=2048, db_index=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "pin"
        unique_together = (("actor_id", "object_uri"),)
