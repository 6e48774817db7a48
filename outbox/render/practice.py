"""A practice record of ours as an Article with the nested `practice` object, and as `record.json`."""

import base64
import hashlib
from html import escape

import orjson

from federation.vocabulary.context import Json, with_context
from federation.vocabulary.practice import PracticeInput, practice_object
from federation.vocabulary.practice_terms import PRACTICE_TERMS
from node.community import addresses
from node.community.practice_terms import SECTIONS
from node.i18n import translator
from node.models import Practice
from outbox.render.parts import addressed, pictures_of, topics_of

ORGANIZATION = {
    "name": "leadOrganization",
    "orgType": "leadOrganizationType",
    "country": "leadOrganizationCountry",
    "url": "leadOrganizationUrl",
}
"""The parts of the lead organization, flat on the wire."""
CODES_OF_THEIR_OWN = frozenset({"version", "kind", "language", "license", "contributors", "record", "recordDigest"})


async def practice_json(practice: Practice) -> Json:
    """Return a record, without context.

    Args:
        practice: with its publisher loaded.

    Raises:
        NotFound: it does not leave the node.
    """
    base = addresses.base_of(practice.publisher)
    to, cc = addressed(practice.visibility, practice.publisher)
    record = orjson.dumps(record_json(practice))
    return practice_object(
        PracticeInput(
            id=practice.uri,
            url=practice.url or practice.uri,
            author=practice.publisher.uri,
            to=to,
            cc=cc,
            name=practice.title,
            summary=practice.summary,
            content_html=content_of(practice),
            language=practice.language,
            published=practice.published_at or practice.updated_at,
            updated=practice.updated_at,
            version=practice.version,
            kind=practice.kind,
            license=practice.license,
            codes={**wire_codes(practice.facts), **_columns(practice)},
            contributors=_texts(practice.facts.get("contributors")),
            record=f"{practice.uri}/record.json",
            record_digest=f"sha-256=:{base64.b64encode(hashlib.sha256(record).digest()).decode()}:",
            pictures=await pictures_of(practice.uri),
            topics=await topics_of(practice.uri, base),
            context=f"{practice.uri}/context",
        )
    )


def record_json(practice: Practice) -> Json:
    """Return the whole record for machines: every fact and section, with context.

    Members are in the order of their names, so that the bytes, and their digest, are the same whenever it is written.
    """
    record = with_context(
        {
            "id": f"{practice.uri}/record.json",
            "type": "Document",
            "mediaType": "application/activity+json",
            "url": practice.url or practice.uri,
            "name": practice.title,
            "summary": practice.summary,
            "practice": {
                "version": practice.version,
                "kind": practice.kind,
                "language": practice.language,
                "license": practice.license,
                **practice.facts,
                "sections": dict(practice.sections),
            },
        }
    )
    ordered: Json = orjson.loads(orjson.dumps(record, option=orjson.OPT_SORT_KEYS))
    return ordered


def content_of(practice: Practice) -> str:
    """Return the HTML that full readers show: summary, sections under headings in its language, who wrote it."""
    words = translator(practice.language)
    parts = [f"<p>{escape(practice.summary)}</p>"]
    for name, title in SECTIONS.items():
        html = practice.sections_html.get(name)
        if html:
            parts.append(f"<h2>{escape(words.gettext(title))}</h2>{html}")
    names = ", ".join(_texts(practice.facts.get("contributors")))
    if names:
        parts.append(f"<p>{escape(words.gettext('Recorded by %(names)s', names=names))}</p>")
    return "".join(parts)


def wire_codes(facts: dict[str, object]) -> dict[str, str | int | bool | tuple[str, ...]]:
    """Return those facts that fit into the nested object: scalars and lists of texts whose names are terms."""
    codes: dict[str, str | int | bool | tuple[str, ...]] = {}
    for name, value in facts.items():
        if name not in PRACTICE_TERMS or name in CODES_OF_THEIR_OWN or value in (None, "", []):
            continue
        if isinstance(value, str | int):
            codes[name] = value
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            codes[name] = tuple(value)
        elif name == "leadOrganization" and isinstance(value, dict):
            codes |= {ORGANIZATION[part]: str(said) for part, said in value.items() if part in ORGANIZATION and said}
    return codes


def _columns(practice: Practice) -> dict[str, str]:
    told = {"status": practice.status, "outcome": practice.outcome, "stage": practice.stage.value}
    return {name: value for name, value in told.items() if value}


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()
