"""Other servers: what we know of each host, and which lookups failed."""

from tortoise import fields
from tortoise.models import Model


class Host(Model):
    """A server that we heard from or talked to."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=255, unique=True)
    software = fields.CharField(max_length=100, default="")
    software_version = fields.CharField(max_length=100, default="")
    nodeinfo_at = fields.DatetimeField(null=True)
    first_seen_at = fields.DatetimeField()
    heard_at = fields.DatetimeField(null=True)
    """Last valid inbound request."""
    reached_at = fields.DatetimeField(null=True)
    """Last delivery that arrived."""
    last_error = fields.CharField(max_length=300, default="")
    last_error_at = fields.DatetimeField(null=True)
    failures = fields.IntField(default=0)
    """In a row; any success or inbound request sets it to 0."""
    open_until = fields.DatetimeField(null=True)
    """While the breaker is open: when the next probe is due."""
    probes = fields.IntField(default=0)
    gone_at = fields.DatetimeField(null=True)
    """Since when nothing is sent there: its inbox answered 410, or it was silent for a season."""
    signature_scheme = fields.CharField(max_length=20, default="")
    """The scheme that worked last: `cavage`, `rfc9421`, or empty."""
    signature_scheme_at = fields.DatetimeField(null=True)
    is_talanoa = fields.BooleanField(default=False)

    class Meta:
        table = "host"


class FailedLookup(Model):
    """A key or document that could not be had; asking again before `until` is pointless."""

    id = fields.BigIntField(primary_key=True)
    url = fields.CharField(max_length=2048, unique=True)
    reason = fields.CharField(max_length=300)
    failed_at = fields.DatetimeField()
    until = fields.DatetimeField(db_index=True)

    class Meta:
        table = "failed_lookup"


class GoneObject(Model):
    """An id whose Delete came, perhaps before the object itself: a late Create changes nothing."""

    id = fields.BigIntField(primary_key=True)
    uri = fields.CharField(max_length=2048, unique=True)
    actor_uri = fields.CharField(max_length=2048)
    at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "gone_object"
