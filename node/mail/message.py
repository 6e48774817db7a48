"""A letter as an e-mail message: fixed sender, no way to add a header. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from node.text.address import parse_address
from node.text.plain import one_line, plain_name
from node.text.sanitise import CleanHtml

LONGEST_SUBJECT = 200
LONGEST_BODY = 30_000

# The standard policy refuses line breaks in header values; 7 bit keeps old relays from touching the text.
_POLICY = SMTP.clone(cte_type="7bit", raise_on_defect=True)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who mail comes from, the same for every message of a node.

    Attributes:
        name: the node's name, shown beside the address.
        address: the setting MAIL_FROM.
    """

    name: str
    address: str

    @property
    def host(self) -> str:
        """The part after the @."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to one address.

    Attributes:
        message_id: from `message_id`, without angle brackets.
        text: complete, plain.
        written_at: aware UTC; becomes the Date.
        locale: the language of the text.
        html: the same in HTML, if there is such a form.
    """

    message_id: str
    to_address: str
    subject: str
    text: str
    written_at: datetime
    locale: str = "en"
    html: CleanHtml | None = None


def message_id(kind: str, key: str, host: str) -> str:
    """Return the Message-ID of a letter, the same for the same thing to say, without angle brackets.

    Args:
        kind: what sort of letter, `sign-in`.
        key: what makes it this one and no other.
        host: the sender's domain.
    """
    digest = hashlib.sha256(f"{kind}\0{key}".encode()).hexdigest()
    return f"{kind}.{digest[:40]}@{host}"


def build(letter: Letter, sender: Sender) -> EmailMessage:
    """Return the message as it travels.

    Raises:
        Invalid: the address is not one plain address.
        ValueError: a header would hold a line break.

    Spec: RFC 5322; RFC 3834 §5; security T-90.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(display_name=plain_name(sender.name, limit=60), addr_spec=sender.address)
    message["To"] = Address(addr_spec=parse_address(letter.to_address))
    message["Subject"] = letter.subject
    message["Date"] = letter.written_at
    message["Message-ID"] = f"<{letter.message_id}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(letter.text[:LONGEST_BODY])
    if letter.html is not None:
        message.add_alternative(f"<!doctype html><meta charset=utf-8>{letter.html.html}", subtype="html")
    message["Content-Language"] = letter.locale
    return message


def subject_line(text: str) -> str:
    """Return text as a subject: one line, no control characters, at most 200 characters."""
    return plain_name(one_line(text), limit=LONGEST_SUBJECT)
