"""Practice records: what worked and what failed, ours and those of other nodes, with every version."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from node.models.actor import Actor
from node.models.member import Member
from node.models.post import Visibility


class Stage(StrEnum):
    """How complete a record is."""

    LEAD = "lead"
    DESCRIBED = "described"


class Admission(StrEnum):
    """How far a record stands in our library: our own are admitted; an editor decides about those held."""

    ADMITTED = "admitted"
    LINK_ONLY = "link_only"
    HELD = "held"
    REFUSED = "refused"


class Practice(Model):
    """One practice record in its newest version.

    `facts` holds the controlled fields (codes and small values) by field name, `sections` the narrative as Markdown
    source by section id, `sections_html` the same cleaned. The columns beside them are those that lists filter on.
    """

    id = fields.BigIntField(primary_key=True)
    uri = fields.CharField(max_length=2048, unique=True)
    public_id = fields.CharField(max_length=26, null=True, unique=True)
    publisher: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="practices", on_delete=fields.CASCADE
    )
    publisher_id: int
    """The Group that publishes ours; the attributed actor of a foreign one."""
    author: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "talanoa.Member", related_name="practices", null=True, on_delete=fields.SET_NULL
    )
    author_id: int | None
    is_local = fields.BooleanField(default=False)
    stage = fields.CharEnumField(Stage, max_length=20)
    admission = fields.CharEnumField(Admission, max_length=20, default=Admission.ADMITTED)
    visibility = fields.CharEnumField(Visibility, max_length=20)
    version = fields.IntField(default=1)
    title = fields.CharField(max_length=200)
    summary = fields.CharField(max_length=1000, default="")
    language = fields.CharField(max_length=35)
    kind = fields.CharField(max_length=40, default="practice")
    status = fields.CharField(max_length=40, default="")
    outcome = fields.CharField(max_length=40, default="")
    country = fields.CharField(max_length=200, default="")
    """ISO 3166-1 alpha-2 codes, separated and surrounded by blanks."""
    license = fields.CharField(max_length=60, default="CC-BY-4.0")
    facts: fields.JSONField[dict[str, object]] = fields.JSONField(default=dict)
    sections: fields.JSONField[dict[str, str]] = fields.JSONField(default=dict)
    sections_html: fields.JSONField[dict[str, str]] = fields.JSONField(default=dict)
    url = fields.CharField(max_length=2048, null=True)
    content_html = fields.TextField(default="")
    """Clean HTML of a foreign record as its node composed it."""
    published_at = fields.DatetimeField(null=True)
    updated_at = fields.DatetimeField()
    received_at = fields.DatetimeField(null=True)
    withdrawn_at = fields.DatetimeField(null=True)
    hidden_at = fields.DatetimeField(null=True)
    """When a moderator withdrew it from view; its words are kept, so that it can come back."""
    document = fields.TextField(null=True)

    class Meta:
        table = "practice"
        indexes = (("visibility", "published_at"), ("publisher_id", "id"))


class PracticeVersion(Model):
    """A published version, never changed."""

    id = fields.BigIntField(primary_key=True)
    practice: fields.ForeignKeyRelation[Practice] = fields.ForeignKeyField(
        "talanoa.Practice", related_name="versions", on_delete=fields.CASCADE
    )
    practice_id: int
    version = fields.IntField()
    snapshot: fields.JSONField[dict[str, object]] = fields.JSONField()
    """title, summary, language, kind, status, outcome, license, facts, sections of this version."""
    made_by_id = fields.BigIntField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "practice_version"
        unique_together = (("practice_id", "version"),)
