"""What came in: every accepted activity, with its raw bytes, until it is applied."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model


class ReceivedState(StrEnum):
    """Where a received activity stands."""

    PENDING = "pending"
    DONE = "done"
    IGNORED = "ignored"
    DEAD = "dead"


class ReceivedActivity(Model):
    """One activity of one actor origin; a second inbox for it is added to `inboxes`, not to the work."""

    id = fields.BigIntField(primary_key=True)
    actor_origin = fields.CharField(max_length=300)
    activity_uri = fields.CharField(max_length=2048)
    actor_uri = fields.CharField(max_length=2048)
    type = fields.CharField(max_length=60)
    signer_uri = fields.CharField(max_length=2048)
    """Who proved it: the HTTP signer, or the actor of a valid proof."""
    inboxes: fields.JSONField[list[str]] = fields.JSONField(default=list)
    """Paths of our inboxes that it came to."""
    body = fields.BinaryField()
    """The raw bytes as received."""
    refetch = fields.BooleanField(default=False)
    """The body was dropped: the object is to be read from its origin."""
    received_at = fields.DatetimeField(db_index=True)
    due_at = fields.DatetimeField()
    lease_until = fields.DatetimeField(null=True)
    fence = fields.BigIntField(default=0)
    attempts = fields.IntField(default=0)
    state = fields.CharEnumField(ReceivedState, max_length=10, default=ReceivedState.PENDING)
    reason = fields.TextField(default="")
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "received_activity"
        unique_together = (("actor_origin", "activity_uri"),)
        indexes = (("state", "due_at"),)
