"""Pictures: our own files, and the attachments of any object."""

from tortoise import fields
from tortoise.models import Model


class Media(Model):
    """A file of ours, already decoded, stripped and written; the row comes after the file."""

    id = fields.BigIntField(primary_key=True)
    public_id = fields.CharField(max_length=26, unique=True)
    owner_id = fields.BigIntField(null=True)
    """The actor who uploaded it."""
    path = fields.CharField(max_length=200)
    """Below the media folder."""
    thumbnail_path = fields.CharField(max_length=200, null=True)
    media_type = fields.CharField(max_length=60)
    bytes = fields.IntField()
    width = fields.IntField()
    height = fields.IntField()
    alt = fields.TextField(default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "media"


class Attachment(Model):
    """A picture or link on an object, ours (with `media`) or foreign (with `url`)."""

    id = fields.BigIntField(primary_key=True)
    object_uri = fields.CharField(max_length=2048, db_index=True)
    position = fields.IntField(default=0)
    media: fields.ForeignKeyNullableRelation[Media] = fields.ForeignKeyField(
        "talanoa.Media", related_name="attachments", null=True, on_delete=fields.RESTRICT
    )
    media_id: int | None
    url = fields.CharField(max_length=2048)
    media_type = fields.CharField(max_length=60, default="")
    alt = fields.TextField(default="")
    width = fields.IntField(null=True)
    height = fields.IntField(null=True)

    class Meta:
        table = "attachment"


class ForeignPicture(Model):
    """A picture of another server: kept here decoded and made anew, or why it could not be had."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=64, unique=True)
    """SHA-256 of address and size."""
    url = fields.CharField(max_length=2048)
    host = fields.CharField(max_length=255, db_index=True)
    """The host of `url`."""
    name = fields.CharField(max_length=26, null=True, unique=True)
    """What its two files are called; empty for what could not be had."""
    bytes = fields.IntField(default=0)
    """Of both files."""
    reason = fields.CharField(max_length=300, default="")
    """Why it could not be had."""
    retry_at = fields.DatetimeField(null=True)
    """When what could not be had may be asked for again."""
    fetched_at = fields.DatetimeField()
    used_at = fields.DatetimeField(db_index=True)
    """The day on which a page last showed it, or somebody last asked for it."""

    class Meta:
        table = "foreign_picture"
