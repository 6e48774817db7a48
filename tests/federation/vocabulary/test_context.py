"""Contexts are inline, complete for what they stand over, and never fetched."""

from collections.abc import Iterator

import pytest

from federation.vocabulary.context import NAMESPACE, with_context
from tests.interop import own

REMOTE = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"]
EXTENSIONS = {
    "discoverable", "indexable", "featured", "manuallyApprovesFollowers", "assertionMethod", "publicKeyMultibase",
    "sensitive", "focalPoint", "blurhash", "inLanguage", "joinMode", "timezone", "eventStatus", "status", "isOnline",
    "maximumAttendeeCapacity", "remainingAttendeeCapacity", "participantCount", "commentsEnabled", "category",
    "streetAddress", "practice", "schemaVersion", "license", "record", "recordDigest", "contributors", "evidenceLevel",
    "interactionPolicy", "canQuote", "votersCount", "participationMessage", "postingRestrictedToMods", "webfinger",
    "implements", "upcomingEvents", "attendees", "draft", "repliesModerationOption", "anonymousParticipationEnabled",
}  # fmt: skip


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _keys(inner)
    if isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


def _context(document: dict[str, object]) -> tuple[list[object], dict[str, object]]:
    context = document["@context"]
    assert isinstance(context, list)
    terms = context[-1]
    assert isinstance(terms, dict)
    return context[:-1], terms


@pytest.mark.parametrize(
    "document",
    [own.person(), own.group(), own.application(), *own.activities_of_ours()],
    ids=lambda each: str(each["type"]),
)
def test_every_extension_that_is_used_is_mapped(document: dict[str, object]) -> None:
    """JSON-LD readers drop what no context explains."""
    remote, terms = _context(document)
    body = {name: value for name, value in document.items() if name != "@context"}

    assert remote == REMOTE
    assert {key for key in _keys(body) if key in EXTENSIONS} - set(terms) == set()


def test_every_prefix_that_is_used_is_declared() -> None:
    _, terms = _context(with_context({"type": "Create", "object": own.practice()}))

    for term in terms.values():
        iri = term["@id"] if isinstance(term, dict) else term
        assert isinstance(iri, str)
        prefix = iri.partition(":")[0]
        assert prefix in {"as", "https", "http", *terms}


def test_our_terms_live_in_one_namespace() -> None:
    _, terms = _context(with_context(own.practice()))

    assert (NAMESPACE, terms["egov"], terms["practice"]) == (
        "https://w3id.org/talanoa/ns#",
        "https://w3id.org/talanoa/ns#",
        "egov:practice",
    )


def test_a_proof_needs_one_more_context() -> None:
    remote, _ = _context(with_context(own.note(), proof=True))

    assert remote == [*REMOTE, "https://w3id.org/security/data-integrity/v1"]
