"""Practice records of ours: an Article that any server can show, with one nested object for our kind. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from federation.errors import Malformed
from federation.vocabulary.context import Json
from federation.vocabulary.pieces import (
    Picture,
    Relation,
    Topic,
    attachment,
    content_members,
    filled,
    icon,
    moment,
    revision_moment,
    tags,
)
from federation.vocabulary.practice_terms import PRACTICE_TERMS

SCHEMA_VERSION = 1
Code = str | int | bool | Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeInput:
    """A practice record.

    Args:
        author: the Group that publishes it.
        name: title, plain text.
        summary: composed, plain text that makes sense alone.
        content_html: clean HTML: the summary, then sections under headings.
        version: counts up with each publication.
        codes: further members by name, each a scalar or a list of texts; only names in `PRACTICE_TERMS`.
        contributors: whom to credit: names, or URIs of actors.
        record: URI of the machine-readable record, with its digest.
        relations: typed links to other records.
    """

    id: str
    url: str
    author: str
    to: Sequence[str]
    cc: Sequence[str]
    name: str
    summary: str
    content_html: str
    language: str
    published: datetime
    version: int
    kind: str
    license: str
    updated: datetime | None = None
    codes: Mapping[str, Code] = field(default_factory=dict)
    contributors: Sequence[str] = ()
    record: str | None = None
    record_digest: str | None = None
    pictures: Sequence[Picture] = ()
    topics: Sequence[Topic] = ()
    relations: Sequence[Relation] = ()
    group: str | None = None
    context: str | None = None


def practice_object(practice: PracticeInput) -> Json:
    """Return an Article with its `practice` object, without context.

    Raises:
        Malformed: a code whose name is no term of our namespace.

    Spec: FEP-b2b8; FEP-e232.
    """
    first = practice.pictures[0] if practice.pictures else None
    return filled(
        {
            "id": practice.id,
            "type": "Article",
            "actor": practice.author,
            "attributedTo": practice.author,
            "to": list(practice.to),
            "cc": list(practice.cc),
            "audience": practice.group,
            "context": practice.context,
            "url": practice.url,
            "name": practice.name,
            "summary": practice.summary,
            **content_members(practice.content_html, practice.language),
            "mediaType": "text/html",
            "inLanguage": practice.language,
            "published": moment(practice.published),
            "updated": revision_moment(practice.updated) if practice.updated else None,
            "image": icon(first),
            "attachment": [attachment(picture) for picture in practice.pictures],
            "tag": tags((), practice.topics, practice.relations),
            "replies": f"{practice.id}/replies",
            "likes": f"{practice.id}/likes",
            "shares": f"{practice.id}/shares",
            "practice": practice_members(practice),
        }
    )


def practice_members(practice: PracticeInput) -> Json:
    """Return the nested object: scalars and lists of scalars only."""
    unknown = sorted(set(practice.codes) - set(PRACTICE_TERMS))
    if unknown:
        raise Malformed(f"no term of our namespace: {', '.join(unknown)}")
    codes = {name: value if isinstance(value, str | int) else list(value) for name, value in practice.codes.items()}
    return filled(
        {
            **codes,
            "schemaVersion": SCHEMA_VERSION,
            "version": practice.version,
            "kind": practice.kind,
            "language": practice.language,
            "license": practice.license,
            "contributors": list(practice.contributors),
            "record": practice.record,
            "recordDigest": practice.record_digest,
        }
    )
