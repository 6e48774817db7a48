"""Who follows whom: one row a pair, whichever side is ours."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from node.models.actor import Actor


class FollowState(StrEnum):
    """Pending until the target says yes; suspended while policy forbids it."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SUSPENDED = "suspended"


class Follow(Model):
    """`follower` follows `target`."""

    id = fields.BigIntField(primary_key=True)
    follower: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="following", on_delete=fields.CASCADE
    )
    follower_id: int
    target: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="followers", on_delete=fields.CASCADE
    )
    target_id: int
    state = fields.CharEnumField(FollowState, max_length=20, default=FollowState.PENDING)
    activity_uri = fields.CharField(max_length=2048, null=True)
    """Id of the Follow that stands now; an older one changes nothing."""
    created_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "follow"
        unique_together = (("follower_id", "target_id"),)
        indexes = (("target_id", "state"), ("follower_id", "state"))


class FormerFollow(Model):
    """The id of a Follow that was undone: a replay of it changes nothing."""

    id = fields.BigIntField(primary_key=True)
    activity_uri = fields.CharField(max_length=2048, unique=True)
    ended_at = fields.DatetimeField()

    class Meta:
        table = "former_follow"
