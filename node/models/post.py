"""Posts: what members write, and what foreign people write where we take part."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from node.models.actor import Actor
from node.models.talk import QuotePolicy


class Visibility(StrEnum):
    """Who may read. Ours: public, quiet, network, members, draft; stored inbound: public, quiet, followers, direct."""

    PUBLIC = "public"
    QUIET = "quiet"
    NETWORK = "network"
    MEMBERS = "members"
    DRAFT = "draft"
    FOLLOWERS = "followers"
    DIRECT = "direct"


class Post(Model):
    """A post or a reply; foreign objects of other readable types are posts too, shown by their `wire_type`."""

    id = fields.BigIntField(primary_key=True)
    uri = fields.CharField(max_length=2048, unique=True)
    public_id = fields.CharField(max_length=26, null=True, unique=True)
    """The last part of our own URI; empty for foreign posts."""
    author: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="posts", on_delete=fields.CASCADE
    )
    author_id: int
    is_local = fields.BooleanField(default=False)
    wire_type = fields.CharField(max_length=40, default="Note")
    visibility = fields.CharEnumField(Visibility, max_length=20, default=Visibility.PUBLIC)
    title = fields.CharField(max_length=500, default="")
    warning = fields.CharField(max_length=500, default="")
    """The content warning, plain text."""
    sensitive = fields.BooleanField(default=False)
    imposed_warning = fields.CharField(max_length=500, default="")
    """The content warning that a moderator put on it; it stays whatever a later version says."""
    source = fields.TextField(default="")
    """Markdown as typed; empty for foreign posts."""
    content_html = fields.TextField(default="")
    """Clean HTML."""
    language = fields.CharField(max_length=35, default="")
    url = fields.CharField(max_length=2048, null=True)
    in_reply_to_uri = fields.CharField(max_length=2048, null=True)
    thread_uri = fields.CharField(max_length=2048, db_index=True)
    """URI of the object at the top of the thread as far as we know it; may be a practice or an event."""
    context_uri = fields.CharField(max_length=2048, null=True)
    audience_uri = fields.CharField(max_length=2048, null=True)
    """The Group that announces it."""
    quotable = fields.CharEnumField(QuotePolicy, max_length=10, default=QuotePolicy.ANYONE)
    """Who may quote it, if it is ours and open."""
    is_guide = fields.BooleanField(default=False)
    """The pinned note of a Group that says how to use it."""
    published_at = fields.DatetimeField()
    updated_at = fields.DatetimeField(null=True)
    received_at = fields.DatetimeField(null=True)
    withdrawn_at = fields.DatetimeField(null=True)
    hidden_at = fields.DatetimeField(null=True)
    """When a moderator withdrew it from view; its words are kept, so that it can come back."""
    document = fields.TextField(null=True)
    """The foreign object as received, JSON."""

    class Meta:
        table = "post"
        indexes = (
            ("author_id", "id"),
            ("author_id", "published_at", "id"),
            ("is_local", "visibility", "published_at"),
            ("published_at",),
            ("in_reply_to_uri", "published_at", "id"),
        )


class Mention(Model):
    """An actor named in a post."""

    id = fields.BigIntField(primary_key=True)
    object_uri = fields.CharField(max_length=2048, db_index=True)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="mentions", on_delete=fields.CASCADE
    )
    actor_id: int

    class Meta:
        table = "mention"
        unique_together = (("object_uri", "actor_id"),)


class Hashtag(Model):
    """A hashtag on a post, practice or event; `name` is case-folded, without the sign."""

    id = fields.BigIntField(primary_key=True)
    object_uri = fields.CharField(max_length=2048)
    name = fields.CharField(max_length=100)

    class Meta:
        table = "hashtag"
        unique_together = (("object_uri", "name"),)
        indexes = (("name", "id"),)


class Like(Model):
    """An actor likes an object."""

    id = fields.BigIntField(primary_key=True)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="likes", on_delete=fields.CASCADE
    )
    actor_id: int
    object_uri = fields.CharField(max_length=2048, db_index=True)
    activity_uri = fields.CharField(max_length=2048, null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "liking"
        unique_together = (("actor_id", "object_uri"),)


class Boost(Model):
    """An actor passed an object on (Announce)."""

    id = fields.BigIntField(primary_key=True)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="boosts", on_delete=fields.CASCADE
    )
    actor_id: int
    object_uri = fields.CharField(max_length=2048, db_index=True)
    activity_uri = fields.CharField(max_length=2048, null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "boost"
        unique_together = (("actor_id", "object_uri"),)
        indexes = (("actor_id", "id"),)
