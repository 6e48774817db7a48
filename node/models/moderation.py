"""What moderators did, so that it can be told, answered and undone."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from node.models.actor import Actor
from node.models.member import Member
from node.models.report import Concern, Report


class ActKind(StrEnum):
    """What was done, from the mildest on."""

    WARN = "warn"
    MARK = "mark"
    HIDE = "hide"
    DELETE = "delete"
    LIMIT = "limit"
    SUSPEND = "suspend"


class ModerationAct(Model):
    """One act about one thing or one account."""

    id = fields.BigIntField(primary_key=True)
    public_id = fields.CharField(max_length=26, unique=True)
    kind = fields.CharEnumField(ActKind, max_length=10)
    target: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="acts_about", null=True, on_delete=fields.SET_NULL
    )
    target_id: int | None
    object_uri = fields.CharField(max_length=2048, default="", db_index=True)
    """What it is about; empty where it is about the account."""
    object_kind = fields.CharField(max_length=10, default="")
    """post, practice or event."""
    report: fields.ForeignKeyNullableRelation[Report] = fields.ForeignKeyField(
        "talanoa.Report", related_name="acts", null=True, on_delete=fields.SET_NULL
    )
    report_id: int | None
    reason_code = fields.CharEnumField(Concern, max_length=20)
    reason = fields.TextField(default="")
    """What the person is told and the public log says; plain text."""
    before: fields.JSONField[dict[str, object]] = fields.JSONField(default=dict)
    """What undoing has to know."""
    by_member_id = fields.BigIntField(null=True)
    created_at = fields.DatetimeField()
    undone_at = fields.DatetimeField(null=True)
    undone_by_id = fields.BigIntField(null=True)
    standing_key = fields.CharField(max_length=2200, null=True, unique=True)
    """The same is not done twice while it stands; empty for warnings and for what was undone."""
    entry_ids: fields.JSONField[list[int]] = fields.JSONField(default=list)
    """Its entries in the audit log, whose people are erased when the person leaves."""
    reply = fields.TextField(default="")
    """What the person answered; plain text."""
    replied_at = fields.DatetimeField(null=True)
    reply_settled_at = fields.DatetimeField(null=True)
    """When a moderator had read the answer."""
    erase_at = fields.DatetimeField(null=True, db_index=True)
    """When a deleted thing is erased for good; until then the deletion can be undone."""

    class Meta:
        table = "moderation_act"
        indexes = (("target_id", "id"),)


class DeskLetter(Model):
    """The claim to one daily letter: written in the transaction that queues it, so that nobody gets two."""

    id = fields.BigIntField(primary_key=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "talanoa.Member", related_name="desk_letters", on_delete=fields.CASCADE
    )
    member_id: int
    day = fields.CharField(max_length=10)
    """`2026-11-18`, in UTC."""
    created_at = fields.DatetimeField()

    class Meta:
        table = "desk_letter"
        unique_together = (("member_id", "day"),)
