"""A foreign practice record as a draft for the community. Pure."""

from datetime import datetime

from federation.addressing import visibility_of
from federation.vocabulary.types import PracticeDocument
from inbox.interpret.kept_document import kept_document
from inbox.interpret.post import attachments_of
from node.community.foreign_practices import ForeignPractice
from node.models import Visibility

OUR_NAMES = {"leadOrganizationType": "orgType"}
"""Where the wire and the community call a field differently."""


def practice_draft(practice: PracticeDocument, *, followers_uri: str | None, now: datetime) -> ForeignPractice:
    """Return what the community keeps of a record.

    Args:
        practice: parsed; its author has been compared with whoever proved it.
        followers_uri: the followers collection of the author, to read the addressing.
    """
    note = practice.note
    return ForeignPractice(
        uri=practice.id,
        publisher_uri=practice.attributed_to,
        title=note.name,
        summary=note.summary,
        content_html=note.content_html,
        language=practice.language or note.language or "",
        license=practice.license,
        kind=practice.kind,
        version=max(practice.version, 1),
        visibility=Visibility(visibility_of(note.to, note.cc, followers_uri).value),
        codes={OUR_NAMES.get(name, name): values for name, values in practice.codes.items()},
        contributors=practice.contributors,
        hashtags=tuple(dict.fromkeys(tag.name for tag in note.hashtags)),
        attachments=attachments_of(note),
        url=note.url,
        published_at=note.published,
        updated_at=min(note.updated, now) if note.updated else None,
        document=kept_document(note.document),
    )
