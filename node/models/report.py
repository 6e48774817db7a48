"""Reports: what somebody asks the moderators to look at, and what came of it."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from node.models.actor import Actor


class ReportState(StrEnum):
    """Where a report stands."""

    OPEN = "open"
    RESOLVED = "resolved"
    REJECTED = "rejected"


class Concern(StrEnum):
    """What is wrong: the category of a report, and the reason of an act that follows from it."""

    SPAM = "spam"
    HARASSMENT = "harassment"
    ILLEGAL_CONTENT = "illegal-content"
    IMPERSONATION = "impersonation"
    DATA_PROTECTION = "data-protection"
    RULES = "rules"
    OTHER = "other"


class Report(Model):
    """One report by a member, a visitor or another server; the reported person never sees who made it."""

    id = fields.BigIntField(primary_key=True)
    public_id = fields.CharField(max_length=26, unique=True)
    activity_uri = fields.CharField(max_length=2048, null=True, unique=True)
    """The Flag that brought it; empty for what was reported here."""
    reporter: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="reports_made", null=True, on_delete=fields.SET_NULL
    )
    reporter_id: int | None
    """A member's actor, or the one that sent the Flag, mostly the other node's own; empty for visitors."""
    reply_address = fields.CharField(max_length=254, null=True)
    """Where a visitor wants the answer."""
    target: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="reports", null=True, on_delete=fields.SET_NULL
    )
    target_id: int | None
    objects: fields.JSONField[list[str]] = fields.JSONField(default=list)
    """URIs of what the target wrote; empty where the account itself is reported."""
    category = fields.CharEnumField(Concern, max_length=20, default=Concern.OTHER)
    text = fields.TextField(default="")
    """Plain text, as the reporter wrote it."""
    forward = fields.BooleanField(default=False)
    """The target's own server is told too, without the reporter's name."""
    state = fields.CharEnumField(ReportState, max_length=10, default=ReportState.OPEN)
    created_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)
    decided_by_id = fields.BigIntField(null=True)
    """The member who decided."""
    answer = fields.TextField(default="")
    """What the moderators told the reporter."""
    answered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "report"
        indexes = (("state", "id"), ("target_id", "id"), ("reporter_id", "id"))
