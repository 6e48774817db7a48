"""Read actor documents and the keys in them. Pure."""

from federation.errors import Malformed
from federation.names import Uri, canonical_uri
from federation.vocabulary import limits
from federation.vocabulary.fields import Fields, as_list, clean, is_object, require_one_meaning, type_of, uri_of
from federation.vocabulary.parse_media import picture
from federation.vocabulary.types import ActorDocument, Document, KeyDocument, ProfileField

ACTOR_TYPES = frozenset({"Person", "Group", "Application", "Service", "Organization"})


def parse_actor(document: Document, *, relaxed: bool = False) -> ActorDocument:
    """Read an actor.

    Returns:
        The actor. Links, collections and keys that belong to another origin, or are unusable, are left out.

    Raises:
        Malformed: not an actor type, or no https id.

    Spec: ActivityPub §4.1; V-M19, V-M21, V-M27, T-100.
    """
    require_one_meaning(document)
    fields = Fields(document, relaxed)
    kind = type_of(document.get("type", document.get("@type")), ACTOR_TYPES)
    if kind not in ACTOR_TYPES:
        raise Malformed(f"type {kind[:40] or 'missing'} is not an actor")
    uri = fields.id()
    endpoints = fields.inner("endpoints")
    generator = fields.inner("generator")
    icon, image = picture(fields, "icon"), picture(fields, "image")
    return ActorDocument(
        id=uri.text,
        type=kind,
        preferred_username=fields.text("preferredUsername", limits.USERNAME_CHARACTERS),
        name=fields.text("name", limits.NAME_CHARACTERS),
        summary_html=fields.text("summary", limits.SUMMARY_CHARACTERS),
        language=fields.language(),
        inbox=fields.sibling("inbox", uri),
        shared_inbox=endpoints.sibling("sharedInbox", uri) or fields.sibling("sharedInbox", uri),
        outbox=fields.sibling("outbox", uri),
        followers=fields.sibling("followers", uri),
        following=fields.sibling("following", uri),
        featured=fields.sibling("featured", uri),
        url=fields.link("url") or uri.text,
        icon_url=icon.url if icon else None,
        icon_alt=icon.alt if icon else "",
        image_url=image.url if image else None,
        manually_approves=fields.flag("manuallyApprovesFollowers"),
        discoverable=fields.flag("discoverable"),
        indexable=fields.flag("indexable"),
        suspended=fields.flag("suspended"),
        keys=_keys(fields, uri),
        also_known_as=fields.uris("alsoKnownAs", limits.ALIASES),
        moved_to=fields.uri("movedTo"),
        published=fields.moment("published"),
        fields=_profile_fields(fields),
        webfinger=_webfinger(document),
        generator=generator.text("name", limits.CODE_CHARACTERS) or None,
        implements=generator.uris("implements", limits.ITEMS),
        moderators=fields.sibling("attributedTo", uri) if kind == "Group" else None,
        events=endpoints.sibling("events", uri) or fields.sibling("events", uri),
        upcoming_events=fields.sibling("upcomingEvents", uri),
        document=document,
    )


def parse_key(document: Document, *, relaxed: bool = False) -> KeyDocument:
    """Read a key that is served on its own, as GoToSocial and BookWyrm do.

    Raises:
        Malformed: no https id, no owner on the same origin, or no key in it.
    """
    fields = Fields(document, relaxed)
    key = _key(fields, fields.id(), claimed=fields.uri("owner") or fields.uri("controller"))
    if key is None:
        raise Malformed("a key without owner or without key material")
    return key


def _keys(fields: Fields, actor: Uri) -> tuple[KeyDocument, ...]:
    """Return the keys that the actor's origin holds and that name no other owner. T-03."""
    found = []
    for name in ("publicKey", "assertionMethod"):
        for value in as_list(fields.get(name), limits.KEYS):
            if not is_object(value):
                continue
            key = _owned_key(Fields(value, fields.relaxed), actor)
            if key:
                found.append(key)
    return tuple(found)


def _owned_key(key: Fields, actor: Uri) -> KeyDocument | None:
    owner = key.get("controller") if key.get("owner") is None else key.get("owner")
    if owner is not None:
        named = None if isinstance(owner, list) else uri_of(owner, relaxed=key.relaxed)
        if named is None or named.text != actor.text:
            return None
    uri = uri_of(key.get("id"), relaxed=key.relaxed)
    if uri is None or uri.origin != actor.origin:
        return None
    return _key(key, uri, claimed=actor.text)


def _key(key: Fields, uri: Uri, *, claimed: str | None) -> KeyDocument | None:
    pem = clean(key.get("publicKeyPem"), limits.KEY_CHARACTERS)
    multibase = clean(key.get("publicKeyMultibase"), limits.KEY_CHARACTERS)
    if claimed is None or canonical_uri(claimed, relaxed=key.relaxed).origin != uri.origin:
        return None
    if pem:
        return KeyDocument(uri.text, claimed, "rsa", pem=pem)
    return KeyDocument(uri.text, claimed, "multikey", multibase=multibase) if multibase else None


def _profile_fields(fields: Fields) -> tuple[ProfileField, ...]:
    rows = []
    for value in as_list(fields.get("attachment"), limits.PROFILE_FIELDS):
        if not is_object(value) or type_of(value.get("type")) not in {"PropertyValue", "schema:PropertyValue"}:
            continue
        row = Fields(value, fields.relaxed)
        name = row.text("name", limits.FIELD_CHARACTERS)
        if name:
            rows.append(ProfileField(name, row.text("value", limits.FIELD_CHARACTERS)))
    return tuple(rows)


def _webfinger(document: Document) -> str | None:
    return clean(document.get("webfinger"), limits.FIELD_CHARACTERS).removeprefix("acct:").removeprefix("@") or None
