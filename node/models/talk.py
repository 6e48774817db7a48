"""What hangs on posts beside likes and boosts: polls with their votes, reactions with a sign, quotes."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from node.models.actor import Actor


class Poll(Model):
    """The question part of a post."""

    id = fields.BigIntField(primary_key=True)
    object_uri = fields.CharField(max_length=2048, unique=True)
    is_local = fields.BooleanField(default=False)
    options: fields.JSONField[list[str]] = fields.JSONField(default=list)
    """Labels in order; a vote names its option by the place in this list."""
    counts: fields.JSONField[list[int]] = fields.JSONField(default=list)
    """Votes by option as the foreign server tells; ours are counted from the votes."""
    voters = fields.IntField(default=0)
    """As the foreign server tells."""
    multiple = fields.BooleanField(default=False)
    open_seconds = fields.IntField(default=0)
    """How long one of ours is open once it is published."""
    ends_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    """When its server says that it ended."""
    told_at = fields.DatetimeField(null=True)
    """Until then the counts of one of ours are not told again."""

    class Meta:
        table = "poll"


class Vote(Model):
    """One choice of one actor. `slot` is 0 where only one may be chosen, so that the key allows no second one."""

    id = fields.BigIntField(primary_key=True)
    object_uri = fields.CharField(max_length=2048)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="votes", on_delete=fields.CASCADE
    )
    actor_id: int
    option = fields.IntField()
    slot = fields.IntField()
    activity_uri = fields.CharField(max_length=2048, null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "vote"
        unique_together = (("object_uri", "actor_id", "slot"),)


class Reaction(Model):
    """An actor reacts to an object with a sign: an emoji, or the short code of a picture."""

    id = fields.BigIntField(primary_key=True)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="reactions", on_delete=fields.CASCADE
    )
    actor_id: int
    object_uri = fields.CharField(max_length=2048, db_index=True)
    content = fields.CharField(max_length=64)
    activity_uri = fields.CharField(max_length=2048, null=True, db_index=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "reaction"
        unique_together = (("actor_id", "object_uri", "content"),)


class QuotePolicy(StrEnum):
    """Who may quote a post of ours without being asked back."""

    ANYONE = "anyone"
    FOLLOWERS = "followers"
    ASK = "ask"
    NOBODY = "nobody"


class QuoteState(StrEnum):
    """Where a quote stands: it is shown as one only while it is granted."""

    UNPROVEN = "unproven"
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    REVOKED = "revoked"


class Quote(Model):
    """A post quotes another one, as far as the quoted author allows it."""

    id = fields.BigIntField(primary_key=True)
    quoting_uri = fields.CharField(max_length=2048)
    quoter: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="quotes", on_delete=fields.CASCADE
    )
    quoter_id: int
    """Who was proven to say so; counts only for posts of this actor."""
    quoted_uri = fields.CharField(max_length=2048, db_index=True)
    state = fields.CharEnumField(QuoteState, max_length=10, default=QuoteState.UNPROVEN)
    stamp_uri = fields.CharField(max_length=2048, null=True, db_index=True)
    """The QuoteAuthorization: ours, or the one that stands with the quoted author."""
    stamp_id = fields.CharField(max_length=26, null=True, unique=True)
    """The last part of the address of a stamp of ours."""
    request_uri = fields.CharField(max_length=2048, null=True)
    created_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "quote"
        unique_together = (("quoting_uri", "quoter_id"),)


class PostEmoji(Model):
    """What a short code in a foreign post stands for: a picture on its server."""

    id = fields.BigIntField(primary_key=True)
    object_uri = fields.CharField(max_length=2048)
    code = fields.CharField(max_length=64)
    """With its colons."""
    url = fields.CharField(max_length=2048)

    class Meta:
        table = "post_emoji"
        unique_together = (("object_uri", "code"),)
