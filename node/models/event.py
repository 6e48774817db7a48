"""Events: meetings with a wall-clock time, a zone and a place or a link."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from node.models.actor import Actor
from node.models.member import Member
from node.models.post import Visibility
from node.models.practice import Admission


class EventStatus(StrEnum):
    """Whether the meeting takes place."""

    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    POSTPONED = "postponed"
    RESCHEDULED = "rescheduled"
    MOVED_ONLINE = "moved_online"
    CANCELLED = "cancelled"


class Event(Model):
    """One event. The wall time and the zone are what was agreed; the UTC columns are computed from them."""

    id = fields.BigIntField(primary_key=True)
    uri = fields.CharField(max_length=2048, unique=True)
    public_id = fields.CharField(max_length=26, null=True, unique=True)
    publisher: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "talanoa.Actor", related_name="events", on_delete=fields.CASCADE
    )
    publisher_id: int
    """@events for the network's own, the member's actor for a member's, the attributed actor of a foreign one."""
    author: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "talanoa.Member", related_name="events", null=True, on_delete=fields.SET_NULL
    )
    author_id: int | None
    is_local = fields.BooleanField(default=False)
    visibility = fields.CharEnumField(Visibility, max_length=20)
    title = fields.CharField(max_length=200)
    teaser = fields.CharField(max_length=500, default="")
    source = fields.TextField(default="")
    content_html = fields.TextField(default="")
    language = fields.CharField(max_length=35)
    start_local = fields.CharField(max_length=19)
    """Wall time `2026-11-18T14:00:00`."""
    end_local = fields.CharField(max_length=19)
    time_zone = fields.CharField(max_length=64)
    start_at = fields.DatetimeField(db_index=True)
    end_at = fields.DatetimeField(db_index=True)
    place: fields.JSONField[dict[str, object]] = fields.JSONField(default=dict)
    """name, street, postal_code, locality, region, country, latitude, longitude; empty if online only."""
    online_url = fields.CharField(max_length=2048, null=True)
    status = fields.CharEnumField(EventStatus, max_length=20, default=EventStatus.CONFIRMED)
    admission = fields.CharEnumField(Admission, max_length=20, default=Admission.ADMITTED)
    """How far a foreign event stands in our calendar: our own are admitted."""
    join_mode = fields.CharField(max_length=20, default="external")
    details: fields.JSONField[dict[str, object]] = fields.JSONField(default=dict)
    sequence = fields.IntField(default=0)
    """Revision number for calendars (iCalendar SEQUENCE)."""
    url = fields.CharField(max_length=2048, null=True)
    published_at = fields.DatetimeField(null=True)
    updated_at = fields.DatetimeField()
    received_at = fields.DatetimeField(null=True)
    withdrawn_at = fields.DatetimeField(null=True)
    hidden_at = fields.DatetimeField(null=True)
    """When a moderator withdrew it from view; its words are kept, so that it can come back."""
    document = fields.TextField(null=True)

    class Meta:
        table = "event"
        indexes = (("visibility", "start_at"), ("publisher_id", "id"))
