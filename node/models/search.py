"""What search finds: one folded text an object, written with it."""

from tortoise import fields
from tortoise.models import Model

from node.models.post import Visibility


class SearchEntry(Model):
    """The searchable text of one object; the full-text index over `folded` is made by the migrations."""

    id = fields.BigIntField(primary_key=True)
    object_uri = fields.CharField(max_length=2048, unique=True)
    kind = fields.CharField(max_length=20)
    """post, practice, event, actor."""
    title = fields.CharField(max_length=500, default="")
    folded = fields.TextField()
    """Title and text after node.text.fold, so that both databases find the same."""
    language = fields.CharField(max_length=35, default="")
    visibility = fields.CharEnumField(Visibility, max_length=20)
    published_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "search_entry"
