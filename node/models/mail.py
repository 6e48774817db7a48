"""Mail that goes out."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model


class MailState(StrEnum):
    """Where a mail stands."""

    PENDING = "pending"
    SENT = "sent"
    REFUSED = "refused"


class OutgoingMail(Model):
    """One message to one address; its Message-ID is fixed when it is written."""

    id = fields.BigIntField(primary_key=True)
    message_id = fields.CharField(max_length=200, unique=True)
    to_address = fields.CharField(max_length=254, db_index=True)
    subject = fields.CharField(max_length=300)
    text = fields.TextField()
    html = fields.TextField(null=True)
    locale = fields.CharField(max_length=35, default="en")
    state = fields.CharEnumField(MailState, max_length=10, default=MailState.PENDING)
    reason = fields.CharField(max_length=300, default="")
    created_at = fields.DatetimeField(db_index=True)
    sent_at = fields.DatetimeField(null=True)

    class Meta:
        table = "outgoing_mail"
