"""Trust: which domain may read, follow, interact, put records into the library, and count as an authority."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model


class Mode(StrEnum):
    """What an unknown domain may do."""

    OPEN = "open"
    CONSENT = "consent"
    CLOSED = "closed"


class PolicyState(Model):
    """One row: the mode, and a number that grows with every change so that every process reloads."""

    id = fields.IntField(primary_key=True)
    version = fields.BigIntField(default=1)
    mode = fields.CharEnumField(Mode, max_length=20)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "policy_state"


class PolicyEntry(Model):
    """What one host pattern may do. An entry is never changed: a change ends it and makes another."""

    id = fields.BigIntField(primary_key=True)
    pattern = fields.CharField(max_length=255, db_index=True)
    """An exact host, or `*.` and a host."""
    preset = fields.CharField(max_length=10)
    """T0 to T5, or `custom`."""
    read = fields.CharField(max_length=20)
    follow = fields.CharField(max_length=20)
    interact = fields.CharField(max_length=20)
    records = fields.CharField(max_length=20)
    authority = fields.CharField(max_length=20)
    filters: fields.JSONField[list[str]] = fields.JSONField(default=list)
    reason_code = fields.CharField(max_length=40, default="other")
    reason = fields.TextField(default="")
    """Shown to members and, where the page says so, to the public."""
    private_note = fields.TextField(default="")
    source = fields.CharField(max_length=200, default="local")
    batch = fields.CharField(max_length=26)
    """Entries made by one act share it; undo takes the whole batch back."""
    made_by_id = fields.BigIntField(null=True)
    """The member; empty for the command line."""
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(null=True)
    review_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    ended_by_batch = fields.CharField(max_length=26, null=True)

    class Meta:
        table = "policy_entry"
