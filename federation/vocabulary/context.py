"""The `@context` of what we send: inline term maps, since some readers fetch every context they don't know.

Readers of plain JSON look at the spelling of the keys only; the maps keep JSON-LD readers from dropping them.
"""

from collections.abc import Mapping

from federation.vocabulary.practice_terms import PRACTICE_TERMS

Json = dict[str, object]
Term = str | Mapping[str, str]

NAMESPACE = "https://w3id.org/talanoa/ns#"
ACTIVITYSTREAMS = "https://www.w3.org/ns/activitystreams"
SECURITY = "https://w3id.org/security/v1"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v1"

_ACTORS = frozenset({"Person", "Group", "Application", "Service", "Organization"})


def _link(iri: str) -> Term:
    return {"@id": iri, "@type": "@id"}


_BASE: Mapping[str, Term] = {
    "toot": "http://joinmastodon.org/ns#",
    "schema": "http://schema.org#",
    "Hashtag": "as:Hashtag",
    "sensitive": "as:sensitive",
    "blurhash": "toot:blurhash",
    "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
    "inLanguage": "schema:inLanguage",
}
_ACTOR: Mapping[str, Term] = {
    "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
    "movedTo": _link("as:movedTo"),
    "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id", "@container": "@set"},
    "featured": _link("toot:featured"),
    "discoverable": "toot:discoverable",
    "indexable": "toot:indexable",
    "suspended": "toot:suspended",
    "PropertyValue": "schema:PropertyValue",
    "value": "schema:value",
    "webfinger": "https://purl.archive.org/socialweb/webfinger#webfinger",
    "implements": _link("https://w3id.org/fep/844e/implements"),
    "lemmy": "https://join-lemmy.org/ns#",
    "postingRestrictedToMods": "lemmy:postingRestrictedToMods",
    "fep8a8e": "https://w3id.org/fep/8a8e/",
    "upcomingEvents": _link("fep8a8e:upcomingEvents"),
    "cid": "https://www.w3.org/ns/cid/v1#",
    "assertionMethod": {"@id": "https://w3id.org/security#assertionMethod", "@type": "@id", "@container": "@set"},
    "Multikey": "https://w3id.org/security#Multikey",
    "controller": _link("https://w3id.org/security#controller"),
    "publicKeyMultibase": "https://w3id.org/security#publicKeyMultibase",
}
_NOTE: Mapping[str, Term] = {
    "ostatus": "http://ostatus.org#",
    "conversation": "ostatus:conversation",
    "votersCount": "toot:votersCount",
    "gts": "https://gotosocial.org/ns#",
    "interactionPolicy": _link("gts:interactionPolicy"),
    "canQuote": _link("gts:canQuote"),
    "automaticApproval": _link("gts:automaticApproval"),
    "manualApproval": _link("gts:manualApproval"),
}
_QUOTE: Mapping[str, Term] = {
    "gts": "https://gotosocial.org/ns#",
    "quote": _link("https://w3id.org/fep/044f#quote"),
    "quoteUri": "http://fedibird.com/ns#quoteUri",
    "quoteUrl": "as:quoteUrl",
    "_misskey_quote": "https://misskey-hub.net/ns#_misskey_quote",
    "quoteAuthorization": _link("https://w3id.org/fep/044f#quoteAuthorization"),
    "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
    "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
    "interactingObject": _link("gts:interactingObject"),
    "interactionTarget": _link("gts:interactionTarget"),
}
_EVENT: Mapping[str, Term] = {
    "sc": "http://schema.org#",
    "address": {"@id": "sc:address", "@type": "sc:PostalAddress"},
    "PostalAddress": "sc:PostalAddress",
    "streetAddress": "sc:streetAddress",
    "postalCode": "sc:postalCode",
    "addressLocality": "sc:addressLocality",
    "addressRegion": "sc:addressRegion",
    "addressCountry": "sc:addressCountry",
    "VirtualLocation": "sc:VirtualLocation",
    "maximumAttendeeCapacity": "sc:maximumAttendeeCapacity",
    "remainingAttendeeCapacity": "sc:remainingAttendeeCapacity",
    "category": "sc:category",
    "mz": "https://joinmobilizon.org/ns#",
    "joinMode": "mz:joinMode",
    "externalParticipationUrl": "mz:externalParticipationUrl",
    "participantCount": "mz:participantCount",
    "anonymousParticipationEnabled": "mz:anonymousParticipationEnabled",
    "repliesModerationOption": "mz:repliesModerationOption",
    "timezone": "mz:timezone",
    "isOnline": "mz:isOnline",
    "participationMessage": "mz:participationMessage",
    "draft": "mz:draft",
    "pt": "https://joinpeertube.org/ns#",
    "commentsEnabled": "pt:commentsEnabled",
    "ical": "http://www.w3.org/2002/12/cal/ical#",
    "status": "ical:status",
    "fep8a8e": "https://w3id.org/fep/8a8e/",
    "eventStatus": "fep8a8e:eventStatus",
    "previousStartTime": "fep8a8e:previousStartTime",
    "displayEndTime": "fep8a8e:displayEndTime",
    "attendees": _link("fep8a8e:attendees"),
}
_PRACTICE: Mapping[str, Term] = {
    "egov": NAMESPACE,
    "practice": "egov:practice",
    **{name: f"egov:{name}" for name in PRACTICE_TERMS},
}


def with_context(document: Json, *, proof: bool = False) -> Json:
    """Return `document` with the context it needs as its first member.

    Args:
        document: an activity, actor, object or collection without `@context`; what it embeds counts too.
        proof: an integrity proof will be added to it.
    """
    remote: list[object] = [ACTIVITYSTREAMS, SECURITY]
    if proof:
        remote.append(DATA_INTEGRITY)
    return {"@context": [*remote, _terms(document)], **{key: document[key] for key in document if key != "@context"}}


def without_context(document: Mapping[str, object]) -> Json:
    """Return a copy that can be embedded."""
    return {key: value for key, value in document.items() if key != "@context"}


def _terms(document: Mapping[str, object]) -> dict[str, object]:
    terms = dict[str, object](_BASE)
    for part in _parts(document):
        kind = part.get("type")
        if kind in _ACTORS:
            terms |= _ACTOR
        elif kind == "Event":
            terms |= {**_NOTE, **_EVENT}
        elif kind in {"Note", "Article", "Question"}:
            terms |= _NOTE
        if "quote" in part or kind in {"QuoteRequest", "QuoteAuthorization"}:
            terms |= _QUOTE
        if "practice" in part:
            terms |= _PRACTICE
        if "participationMessage" in part:
            terms |= {"mz": _EVENT["mz"], "participationMessage": _EVENT["participationMessage"]}
    return terms


def _parts(document: Mapping[str, object]) -> list[Mapping[str, object]]:
    """Return the document, its object, and the object of that (an announced activity)."""
    found = [document]
    for _ in range(2):
        inner = found[-1].get("object")
        if not isinstance(inner, Mapping):
            break
        found.append(inner)
    instrument = document.get("instrument")
    return [*found, instrument] if isinstance(instrument, Mapping) else found
