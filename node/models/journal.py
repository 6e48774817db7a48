"""The journal: what became true here, in order, and the jobs that follow from it."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model


class JobState(StrEnum):
    """Where a piece of work stands."""

    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"


class JournalEntry(Model):
    """One fact. Governance entries are chained by hash."""

    id = fields.BigIntField(primary_key=True)
    fact = fields.CharField(max_length=60, db_index=True)
    """The name of the fact's class in node.community.facts."""
    payload: fields.JSONField[dict[str, object]] = fields.JSONField(default=dict)
    by_member_id = fields.BigIntField(null=True)
    at = fields.DatetimeField()
    chain_no = fields.BigIntField(null=True, unique=True)
    chain_hash = fields.CharField(max_length=64, null=True)
    person_salt = fields.CharField(max_length=64, null=True)
    """Emptied when the people in a governance entry are erased; the chain holds on by the digest."""
    person_digest = fields.CharField(max_length=64, null=True)

    class Meta:
        table = "journal_entry"


class Job(Model):
    """A due piece of work: a consumer of a journal entry, a fetch, a mail, a media job."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=40)
    key = fields.CharField(max_length=500)
    """Unique within its kind: the same work is never queued twice."""
    payload: fields.JSONField[dict[str, object]] = fields.JSONField(default=dict)
    due_at = fields.DatetimeField()
    lease_until = fields.DatetimeField(null=True)
    fence = fields.BigIntField(default=0)
    attempts = fields.IntField(default=0)
    state = fields.CharEnumField(JobState, max_length=10, default=JobState.PENDING)
    reason = fields.TextField(default="")
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "job"
        unique_together = (("kind", "key"),)
        indexes = (("state", "kind", "due_at"),)
