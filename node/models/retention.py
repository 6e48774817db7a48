"""What the node let go because its time was over: one row a run."""

from tortoise import fields
from tortoise.models import Model


class RetentionRun(Model):
    """A run of the nightly chore, of the command, or a dry run that only counts."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=40, unique=True)
    """The day of a nightly run, so that only one process runs it; anything else for other runs."""
    is_dry = fields.BooleanField(default=False)
    counts: fields.JSONField[dict[str, int]] = fields.JSONField(default=dict)
    """By rule: how many rows went, or would have gone; it grows while the run goes on."""
    started_at = fields.DatetimeField(db_index=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "retention_run"
