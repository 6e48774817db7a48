"""The node itself: its name, steward, rules, and the host that all ids carry."""

from tortoise import fields
from tortoise.models import Model


class NodeProfile(Model):
    """One row."""

    id = fields.IntField(primary_key=True)
    public_url = fields.CharField(max_length=300)
    """Fixed at the first start: every id begins with it."""
    name = fields.CharField(max_length=120)
    description = fields.TextField(default="")
    steward = fields.CharField(max_length=200, default="")
    contact = fields.CharField(max_length=254, default="")
    rules = fields.TextField(default="")
    languages: fields.JSONField[list[str]] = fields.JSONField(default=list)
    epoch = fields.IntField(default=1)
    """Grows with every restore."""
    deliveries_held = fields.BooleanField(default=False)
    """Set by a restore: nothing goes out until an operator confirms."""
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "node_profile"
