"""Made-up activities of a few people about a few things, so that they meet often: mixed by a seed."""

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from node.models import ActorKind
from tests.clock import START
from tests.node.community.people import BERTA, CARLO
from tests.peers.actors import Json

DORA = replace(
    BERTA,
    uri="https://far.example/users/dora",
    kind=ActorKind.PERSON,
    name="dora",
    display_name="Dora",
    url="https://far.example/@dora",
    inbox_url="https://far.example/users/dora/inbox",
    followers_uri="https://far.example/users/dora/followers",
    indexable=True,
    keys=(),
)
PEOPLE = (BERTA, CARLO, DORA)
FOLLOWED = CARLO
"""Followed from here; passes nothing on, since that would have to be read from elsewhere first."""
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
TEXTS = (
    "<p>Yes</p>",
    '<p><a href="https://far.example/tags/budget" class="mention hashtag">#budget</a> <b>and <p>more</b>',
    "<h1>Loud</h1><script>x()</script>",
    "plain & simple",
)


@dataclass(frozen=True)
class Place:
    """What the activities are about.

    Args:
        posts: ours, by `member`.
        mixed: how many mixes there were before; each brings new things and comes back to those of the last.
    """

    posts: tuple[str, ...]
    member: str
    group: str
    mixed: int = 0


def mix(number: int, place: Place) -> list[tuple[str, Json]]:
    """Return activities, each with who says it."""
    chance = Random(place.mixed)
    return [_activity(chance, f"{place.mixed}-{each}", place) for each in range(number)]


def _activity(chance: Random, name: str, place: Place) -> tuple[str, Json]:
    author = chance.choice(PEOPLE).uri
    kind = chance.choice((*[_create] * 6, *[_react] * 5, _update, _delete, _undo, _follow, _odd))
    origin = author.rsplit("/users/", 1)[0]
    return author, {"id": f"{origin}/acts/{name}", "actor": author} | kind(chance, author, place)


def _note(chance: Random, author: str, place: Place) -> Json:
    followers = f"{author}/followers"
    above = _thing(chance, chance.choice(PEOPLE).uri, place)
    to, cc = chance.choice((([PUBLIC], [followers]), ([followers], []), ([place.member], []), ([followers], [PUBLIC])))
    tags: list[Json] = [{"type": "Hashtag", "name": chance.choice(("#Budget", "#Water"))}]
    if chance.random() < 0.4:
        tags.append({"type": "Mention", "href": chance.choice((place.member, *(each.uri for each in PEOPLE)))})
    note: Json = {
        "id": _thing(chance, author, place),
        "type": chance.choice(("Note", "Note", "Note", "Article", "Question")),
        "attributedTo": author,
        "content": chance.choice(TEXTS),
        "name": chance.choice(("", "A title")),
        "inReplyTo": chance.choice((None, *place.posts, *place.posts, above)),
        "published": START.isoformat(),
        "to": to,
        "cc": cc,
        "tag": tags,
    }
    more: tuple[Json, ...] = (
        {},
        {},
        {"oneOf": [{"name": "a"}, {"name": "b"}]},
        {"quoteUrl": chance.choice(place.posts)},
    )
    return note | chance.choice(more)


def _thing(chance: Random, author: str, place: Place) -> str:
    return f"{author}/notes/{place.mixed - (chance.random() < 0.2)}-{chance.randrange(5)}"


def _create(chance: Random, author: str, place: Place) -> Json:
    return {"type": "Create", "object": _note(chance, author, place)}


def _update(chance: Random, author: str, place: Place) -> Json:
    if chance.random() < 0.3:
        person = next(each for each in PEOPLE if each.uri == author)
        told = {"id": author, "type": "Person", "preferredUsername": person.name, "inbox": person.inbox_url}
        return {"type": "Update", "object": told | {"indexable": chance.random() < 0.5, "name": "New"}}
    at = START + timedelta(minutes=chance.randrange(1, 50))
    return {"type": "Update", "object": _note(chance, author, place) | {"updated": at.isoformat()}}


def _delete(chance: Random, author: str, place: Place) -> Json:
    return {
        "type": "Delete",
        "object": _thing(chance, chance.choice((author, author, chance.choice(PEOPLE).uri)), place),
    }


def _react(chance: Random, author: str, place: Place) -> Json:
    about = chance.choice((*place.posts, _thing(chance, chance.choice(PEOPLE).uri, place)))
    sign: Json = {"type": "EmojiReact", "content": "🎉"}
    passing_on: Json = sign if author == FOLLOWED.uri else {"type": "Announce"}
    liking: Json = {"type": "Like"}
    return chance.choice((liking, passing_on, sign)) | {"object": about}


def _undo(chance: Random, author: str, place: Place) -> Json:
    about = _react(chance, author, place) | {"actor": author}
    return {
        "type": "Undo",
        "object": chance.choice((about, {"type": "Follow", "actor": author, "object": place.group})),
    }


def _follow(chance: Random, _author: str, place: Place) -> Json:
    kind, about = chance.choice((("Follow", place.group), ("Follow", place.member), ("Block", place.group)))
    return {"type": kind, "object": about}


def _odd(chance: Random, author: str, place: Place) -> Json:
    forged = _note(chance, chance.choice(PEOPLE).uri, place) | {"attributedTo": place.member}
    vote = {"id": f"{author}/votes/1", "type": "Note", "attributedTo": author, "name": "a", "inReplyTo": place.posts[0]}
    odd: tuple[Json, ...] = (
        {"type": "Like", "object": None},
        {"type": "Create", "object": forged | {"id": _thing(chance, author, place)}},
        {"type": "Create", "object": vote},
        {"type": "Dislike", "object": place.posts[0]},
        {"type": "Create", "object": {"id": _thing(chance, author, place), "type": "Note"}},
    )
    return chance.choice(odd)
