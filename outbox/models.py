"""What goes out: every activity as published, every delivery to its end, and how far each object reached."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from node.models.actor import Actor
from node.models.post import Visibility


class DeliveryState(StrEnum):
    """A delivery is waiting, held by policy, or has ended in one of four ways."""

    PENDING = "pending"
    HELD = "held"
    DELIVERED = "delivered"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class PublishedActivity(Model):
    """An activity of ours; the bytes are fixed, every repeat sends the same."""

    id = fields.BigIntField(primary_key=True)
    uri = fields.CharField(max_length=2048, unique=True)
    public_id = fields.CharField(max_length=26, unique=True)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="published", on_delete=fields.RESTRICT
    )
    actor_id: int
    type = fields.CharField(max_length=40)
    object_uri = fields.CharField(max_length=2048, db_index=True)
    visibility = fields.CharEnumField(Visibility, max_length=20)
    in_outbox = fields.BooleanField(default=False)
    """Listed in the actor's outbox collection."""
    body = fields.TextField()
    """The JSON as sent, proof included."""
    created_at = fields.DatetimeField()

    class Meta:
        table = "published_activity"
        indexes = (("actor_id", "id"),)


class Delivery(Model):
    """One activity to one inbox."""

    id = fields.BigIntField(primary_key=True)
    activity: fields.ForeignKeyRelation[PublishedActivity] = fields.ForeignKeyField(
        "talanoa.PublishedActivity", related_name="deliveries", on_delete=fields.CASCADE
    )
    activity_id: int
    inbox_url = fields.CharField(max_length=2048)
    host = fields.CharField(max_length=255)
    sender_id = fields.BigIntField()
    """The actor who signs."""
    ordering_key = fields.CharField(max_length=64)
    """Digest of the inbox and of an object URI, or of `actor target` for a Follow and its answer: later ones wait."""
    state = fields.CharEnumField(DeliveryState, max_length=10, default=DeliveryState.PENDING)
    due_at = fields.DatetimeField()
    lease_until = fields.DatetimeField(null=True)
    fence = fields.BigIntField(default=0)
    attempts = fields.IntField(default=0)
    last_status = fields.IntField(null=True)
    """HTTP status of the last try; 0 when there was none."""
    reason = fields.CharField(max_length=300, default="")
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "delivery"
        unique_together = (("activity_id", "inbox_url"),)
        indexes = (("state", "due_at", "id"), ("state", "host", "id"), ("ordering_key", "id"))


class Reach(Model):
    """An inbox that was given an object: its Update and Delete go there too."""

    id = fields.BigIntField(primary_key=True)
    object_uri = fields.CharField(max_length=2048)
    inbox_url = fields.CharField(max_length=2048)

    class Meta:
        table = "reach"
        unique_together = (("object_uri", "inbox_url"),)
