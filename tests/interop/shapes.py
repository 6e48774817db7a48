"""What each peer demands of a document, written again from its reader. Shares nothing with federation/.

Every `fits_*` returns the list of broken rules, empty if the peer would take the document.
"""

import re
from collections.abc import Iterator

JsonObject = dict[str, object]

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LEMMY_ATTACHMENTS = {"Link", "Image", "Document"}
_CONVERTED = {"Article", "Page", "Event", "Image", "Audio", "Video"}


def walk(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield every member with its path."""
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, f"{path}.{key}")
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from walk(inner, f"{path}[{index}]")


def part(document: JsonObject, name: str) -> JsonObject:
    """Return the object in member `name`, {} if it is none."""
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def items(document: JsonObject, name: str) -> list[JsonObject]:
    """Return the objects in the list `name`."""
    found = document.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _broken(rules: dict[str, object]) -> list[str]:
    return [name for name, holds in rules.items() if not holds]


def _is_time(value: object) -> bool:
    return isinstance(value, str) and _RFC3339.fullmatch(value) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _host(uri: object) -> str:
    return uri.split("/")[2] if isinstance(uri, str) and uri.startswith("https://") else ""


def fits_everybody(document: JsonObject) -> list[str]:
    """The profile that all peers share: one type, lists where lists belong, no null, zones in times."""
    body = {key: value for key, value in document.items() if key != "@context"}
    broken = [f"null at {path}" for path, value in walk(body) if value is None]
    for path, value in walk(body):
        name = path.rpartition(".")[2]
        if name == "type" and not isinstance(value, str):
            broken.append(f"type is no string at {path}")
        if name in {"to", "cc", "tag", "attachment"} and not isinstance(value, list):
            broken.append(f"no list at {path}")
        if name in {"published", "updated", "startTime", "endTime", "deleted"} and not _is_time(value):
            broken.append(f"time without zone at {path}")
        if name == "id" and not _host(value):
            broken.append(f"no https id at {path}")
    context = document.get("@context")
    if not isinstance(context, list) or context[0] != "https://www.w3.org/ns/activitystreams":
        broken.append("the context does not begin with ActivityStreams")
    return broken


def fits_mastodon_actor(actor: JsonObject) -> list[str]:
    """process_account_service, fetch_remote_actor_service."""
    key, fields = part(actor, "publicKey"), actor.get("attachment", [])
    return _broken(
        {
            "type": actor.get("type") in {"Person", "Service", "Group", "Organization", "Application"},
            "preferredUsername": _is_text(actor.get("preferredUsername")),
            "inbox": _host(actor.get("inbox")) == _host(actor.get("id")),
            "sharedInbox on the same host": _host(part(actor, "endpoints").get("sharedInbox")) == _host(actor["id"]),
            "key": key.get("owner") == actor["id"] and _is_text(key.get("publicKeyPem")),
            "url on the same host": _host(actor.get("url")) == _host(actor["id"]),
            "fields are a list": isinstance(fields, list) and len(fields) <= 50,
            "icon is one image": "icon" not in actor or part(actor, "icon").get("type") == "Image",
            "lock is a boolean": isinstance(actor.get("manuallyApprovesFollowers"), bool),
        }
    )


def fits_mastodon_create(create: JsonObject) -> list[str]:
    """activity/create, parser/status_parser: converted types live from name, summary and url."""
    thing = part(create, "object")
    published = [each for each in items(thing, "attachment") if "url" in each]
    return _broken(
        {
            "actor and object on one host": _host(thing.get("id")) == _host(create.get("actor")),
            "owner": thing.get("attributedTo") == create.get("actor"),
            "converted types have a title and a summary": thing.get("type") not in _CONVERTED
            or (_is_text(thing.get("name")) and _is_text(thing.get("summary"))),
            "a note has no title": thing.get("type") != "Note" or "name" not in thing,
            "one language": len(part(thing, "contentMap")) <= 1,
            "link": str(thing.get("url", "")).startswith("https://"),
            "addressing": thing.get("to") == create.get("to") and thing.get("cc") == create.get("cc"),
            "public or followers": PUBLIC in [*_list(thing, "to"), *_list(thing, "cc")],
            "files": all(_is_text(each.get("mediaType")) and "name" in each for each in published),
            "tags": all(_is_text(each.get("type")) and _is_text(each.get("href")) for each in items(thing, "tag")),
        }
    )


def _list(document: JsonObject, name: str) -> list[object]:
    found = document.get(name)
    return found if isinstance(found, list) else []


def fits_mobilizon_event(create: JsonObject) -> list[str]:
    """federation/activity_stream/converter/event.ex, events/event.ex."""
    event = part(create, "object")
    place, name = event.get("location"), event.get("name")
    files = [each for each in items(event, "attachment") if each.get("type") == "Document"]
    links = [each for each in items(event, "attachment") if each.get("type") == "Link"]
    return _broken(
        {
            "the activity has an id": _is_text(create.get("id")),
            "title of 3 to 200": isinstance(name, str) and 3 <= len(name) <= 200,
            "content is text": isinstance(event.get("content"), str),
            "actor and owner": _is_text(event.get("actor")) and _is_text(event.get("attributedTo")),
            "begins before it ends": str(event.get("startTime")) < str(event.get("endTime")),
            "status": event.get("status") in {"CONFIRMED", "TENTATIVE", "CANCELLED"},
            "ical:status": event.get("ical:status") == event.get("status"),
            "joinMode": event.get("joinMode") in {"free", "restricted", "invite", "external"},
            "external has a link": event.get("joinMode") != "external"
            or _is_text(event.get("externalParticipationUrl")),
            "location is one object": place is None or isinstance(place, dict),
            "coordinates are floats": not isinstance(place, dict)
            or all(isinstance(place.get(axis, 0.0), float) for axis in ("latitude", "longitude")),
            "category is one text": isinstance(event.get("category", ""), str),
            "image is one object": isinstance(event.get("image", {}), dict),
            "files": all(_is_text(each.get("url")) and "name" in each for each in files),
            "links": all(each.get("name") == "Website" and each.get("mediaType") == "text/html" for each in links),
            "uuid": "uuid" not in event or _UUID.fullmatch(str(event["uuid"])),
            "no contacts": "contacts" not in event,
            "commentsEnabled": isinstance(event.get("commentsEnabled"), bool),
            "hashtags of 2 to 40": all(2 <= len(str(tag["name"])) - 1 <= 40 for tag in _hashtags(event)),
        }
    )


def _hashtags(document: JsonObject) -> list[JsonObject]:
    return [each for each in items(document, "tag") if each.get("type") == "Hashtag"]


def fits_mobilizon_group(group: JsonObject) -> list[str]:
    """converter/actor.ex: a list of keys or of icons breaks it."""
    return _broken(
        {
            "one key": _is_text(part(group, "publicKey").get("publicKeyPem")),
            "icon": "icon" not in group or _is_text(part(group, "icon").get("url")),
            "image": "image" not in group or _is_text(part(group, "image").get("url")),
            "endpoints": isinstance(group.get("endpoints"), dict),
            "listed": group.get("discoverable") is True,
        }
    )


def fits_gancio_event(create: JsonObject) -> list[str]:
    """federation/inbox.js: reads mediaType of every attachment and cuts the first character of every tag."""
    event = part(create, "object")
    files = items(event, "attachment")
    place = event.get("location")
    virtual = isinstance(place, dict) and place.get("type") == "VirtualLocation"
    return _broken(
        {
            "attachments are objects with a type": len(files) == len(_list(event, "attachment"))
            and all(isinstance(each.get("mediaType"), str) for each in files),
            "the first with a url is the image": not _pictures(event) or "url" in files[0],
            "location is one object": place is None or isinstance(place, dict),
            "a virtual location has a url": not virtual or _is_text(part(event, "location").get("url")),
            "tags are objects with a name": all(_is_text(tag.get("name")) for tag in items(event, "tag")),
            "hashtags begin with #": all(str(tag["name"]).startswith("#") for tag in _hashtags(event)),
            "times": _is_time(event.get("startTime")) and _is_time(event.get("endTime")),
        }
    )


def _pictures(event: JsonObject) -> list[JsonObject]:
    return [each for each in items(event, "attachment") if str(each.get("mediaType", "")).startswith("image/")]


def fits_gancio_delete(delete: JsonObject) -> list[str]:
    """federation/inbox.js: an event goes only if formerType says Event."""
    gone = part(delete, "object")
    return _broken({"Tombstone": gone.get("type") == "Tombstone", "formerType": gone.get("formerType") == "Event"})


def fits_lemmy_page(create: JsonObject) -> list[str]:
    """apub protocol/page.rs and create_or_update: a wrong form of one member loses the whole post."""
    thing = part(create, "object")
    return _broken(
        {
            "to and cc everywhere": all(
                isinstance(each.get(name), list) for each in (create, thing) for name in ("to", "cc")
            ),
            "owner is one string": _is_text(thing.get("attributedTo")),
            "attachment kinds": all(each.get("type") in _LEMMY_ATTACHMENTS for each in items(thing, "attachment")),
            "links have href, files url": all(
                _is_text(each.get("href" if each.get("type") == "Link" else "url"))
                for each in items(thing, "attachment")
            ),
            "image": "image" not in thing
            or (part(thing, "image").get("type") == "Image" and _is_text(part(thing, "image").get("url"))),
            "no answer": thing.get("type") == "Note" or "inReplyTo" not in thing,
            "context is a text": isinstance(thing.get("context", ""), str),
            "published": _is_time(thing.get("published")),
            "mediaType": thing.get("mediaType", "text/html") in {"text/html", "text/markdown"},
            "language": "language" not in thing or {"identifier", "name"} <= set(part(thing, "language")),
            "tags have a type": all(_is_text(tag.get("type")) for tag in items(thing, "tag")),
        }
    )


def fits_lemmy_group(group: JsonObject) -> list[str]:
    """protocol/group.rs."""
    needed = ("preferredUsername", "inbox", "outbox", "followers", "attributedTo", "featured")
    return _broken(
        {
            "type": group.get("type") == "Group",
            "texts": all(_is_text(group.get(name)) for name in needed),
            "key": _is_text(part(group, "publicKey").get("publicKeyPem")),
            "postingRestrictedToMods": isinstance(group.get("postingRestrictedToMods"), bool),
            "icon": "icon" not in group or part(group, "icon").get("type") == "Image",
            "no language": "language" not in group,
        }
    )


def fits_akkoma_create(create: JsonObject) -> list[str]:
    """object_validators/create_generic_validator.ex, common_fixes.ex, event_validator.ex."""
    thing = part(create, "object")
    foreign = [
        each
        for each in [*_list(thing, "to"), *_list(thing, "cc")]
        if str(each).endswith("/followers") and each != f"{create.get('actor')}/followers"
    ]
    return _broken(
        {
            "same to and cc": thing.get("to") == create.get("to") and thing.get("cc") == create.get("cc"),
            "same context": create.get("context") in {None, thing.get("context")},
            "actor is owner": create.get("actor")
            == thing.get("attributedTo")
            == thing.get("actor", create.get("actor")),
            "one host": _host(thing.get("id")) == _host(create.get("actor")),
            "no followers of others": not foreign,
        }
    )


def fits_friendica_event(create: JsonObject) -> list[str]:
    """Processor, Receiver: native event from times, name and place name."""
    event = part(create, "object")
    place = part(event, "location")
    return _broken(
        {
            "times": _is_time(event.get("startTime")) and _is_time(event.get("endTime")),
            "name and content": _is_text(event.get("name")) and _is_text(event.get("content")),
            "place name": not place or _is_text(place.get("name")),
        }
    )
