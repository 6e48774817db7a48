"""What a member should hear about: replies, mentions, follows, likes, boosts, what moderators decided."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from node.models.actor import Actor
from node.models.member import Member


class NotificationKind(StrEnum):
    """Why the member is told."""

    REPLY = "reply"
    MENTION = "mention"
    FOLLOW = "follow"
    FOLLOW_REQUEST = "follow_request"
    FOLLOW_ACCEPTED = "follow_accepted"
    LIKE = "like"
    BOOST = "boost"
    QUOTE = "quote"
    QUOTE_REQUEST = "quote_request"
    MODERATION = "moderation"
    REPORT_ANSWERED = "report_answered"
    MOVE = "move"
    """Somebody the member follows goes on under another account."""


class Notification(Model):
    """One notice for one member; a repeat of the same changes nothing."""

    id = fields.BigIntField(primary_key=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "talanoa.Member", related_name="notifications", on_delete=fields.CASCADE
    )
    member_id: int
    kind = fields.CharEnumField(NotificationKind, max_length=20)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="caused_notifications", on_delete=fields.CASCADE
    )
    actor_id: int
    object_uri = fields.CharField(max_length=2048, default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "notification"
        unique_together = (("member_id", "kind", "actor_id", "object_uri"),)
        indexes = (("member_id", "id"),)
