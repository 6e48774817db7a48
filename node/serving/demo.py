"""A made-up network for trying things out, told through the community's own verbs. Made once; a second time nothing.

The words are in demo.toml. Nothing leaves the machine: the people from elsewhere are on hosts that can't exist.
"""

import tomllib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from node.community import (
    actor_keys,
    events,
    foreign_actors,
    foreign_posts,
    interactions,
    members,
    node_profile,
    posts,
    practices,
    profiles,
)
from node.community.event_rules import EventDraft, Place
from node.community.foreign_actors import ForeignActor
from node.community.foreign_posts import ForeignPost
from node.community.members import NewMember
from node.community.node_profile import Description
from node.community.posts import PostDraft
from node.community.practice_rules import Organization, PracticeDraft
from node.community.profiles import ProfileDraft
from node.database import atomic
from node.errors import NotFound
from node.models import Actor, ActorKind, Member, Role, Visibility
from node.settings import Settings

WORDS = Path(__file__).with_name("demo.toml")
Row = Mapping[str, object]
_CODES = ("country", "level", "objective", "theme", "sdg", "channel")
_TEXTS = ("title", "language", "start_date", "end_date", "status", "status_date", "outcome")


@dataclass
class Stage:
    """Who is there and what was told so far, by the names that demo.toml gives them."""

    base: str
    now: datetime
    members: dict[str, Member] = field(default_factory=dict)
    visitors: dict[str, Actor] = field(default_factory=dict)
    uris: dict[str, str] = field(default_factory=dict)

    def at(self, row: Row) -> datetime:
        """Return when something was said."""
        return self.now - timedelta(days=cast(int, row["days_ago"]))

    def by(self, row: Row) -> Member:
        """Return the member who said it."""
        return self.members[str(row["by"])]


async def fill(settings: Settings, *, now: datetime) -> bool:
    """Fill a founded node with the made-up network; tell whether anything was done."""
    words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    stage = Stage(settings.public_url.rstrip("/"), now)
    if await _is_filled(str(words["members"][0]["name"])):
        return False
    async with atomic():
        await _describe(words, settings, now)
        for name, tell in _TELLERS:
            for row in _in_time(words[name]):
                await tell(row, stage)
    for actor in await actor_keys.actors_without_keys():
        await actor_keys.add_keys(actor, secret_key=settings.secret_key, now=now)
    return True


async def _is_filled(first: str) -> bool:
    try:
        await members.by_name(first)
    except NotFound:
        return False
    return True


async def _describe(words: Row, settings: Settings, now: datetime) -> None:
    profile = await node_profile.require(settings.public_url.rstrip("/"))
    described = Description(
        name=profile.name,
        description=str(words["description"]).strip(),
        steward="A made-up steward",
        contact="steward@network.example",
        rules=str(words["rules"]).strip(),
        languages=settings.languages,
    )
    await node_profile.describe(described, by=None, now=now)


def _in_time(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: -cast(int, row.get("days_ago", 0)))


async def _member(row: Row, stage: Stage) -> None:
    name, shown, language = str(row["name"]), str(row["display_name"]), str(row["language"])
    new = NewMember(name=name, display_name=shown, role=Role(str(row["role"])), locale=language)
    joined = await members.add(new, base=stage.base, now=stage.now - timedelta(days=45))
    rows = cast("list[list[str]]", row["fields"])
    draft = ProfileDraft(
        display_name=shown,
        bio=str(row["bio"]),
        language=language,
        indexable=True,
        fields=tuple((name, text) for name, text in rows),
    )
    await profiles.change(draft, actor=joined.actor, by=joined, now=stage.now - timedelta(days=44))
    stage.members[name] = await members.by_id(joined.id)


async def _visitor(row: Row, stage: Stage) -> None:
    name, host = str(row["name"]), str(row["host"])
    uri = f"https://{host}/users/{name}"
    draft = ForeignActor(
        uri=uri,
        kind=ActorKind.PERSON,
        name=name,
        host=host,
        display_name=str(row["display_name"]),
        url=f"https://{host}/@{name}",
        inbox_url=f"{uri}/inbox",
        document="{}",
    )
    stage.visitors[name] = await foreign_actors.remember(draft, now=stage.now - timedelta(days=40))


async def _practice(row: Row, stage: Stage) -> None:
    organization = Organization(str(row["organization"]), str(row["org_type"]))
    texts = {name: str(row.get(name, "")) for name in _TEXTS}
    codes = {name: tuple(cast("list[str]", row[name])) for name in _CODES}
    draft = PracticeDraft(
        title=texts.pop("title"),
        lead_organization=organization,
        evidence_level=cast(int, row["evidence_level"]),
        sections=cast("dict[str, str]", row["sections"]),
    )
    draft = replace(draft, **texts, **codes)  # type: ignore[arg-type]
    made = await practices.publish(draft, by=stage.by(row), now=stage.at(row))
    stage.uris[str(row["ref"])] = made.uri


async def _event(row: Row, stage: Stage) -> None:
    start = _wall_time(row, stage)
    place = None
    if row.get("place"):
        place = Place(str(row["place"]), locality=str(row["locality"]), country=str(row["country"]))
    draft = EventDraft(
        title=str(row["title"]),
        start_local=start.isoformat(timespec="minutes"),
        end_local=(start + timedelta(hours=cast(int, row["hours"]))).isoformat(timespec="minutes"),
        time_zone=str(row["zone"]),
        text=str(row["text"]),
        teaser=str(row["teaser"]),
        language=str(row["language"]),
        place=place,
        online_url=str(row.get("online_url", "")),
        category=str(row["category"]),
    )
    publish = events.publish_for_network if row.get("network") else events.publish
    stage.uris[str(row["ref"])] = (await publish(draft, by=stage.by(row), now=stage.at(row))).uri


def _wall_time(row: Row, stage: Stage) -> datetime:
    hour, minute = str(row["start"]).split(":")
    day = stage.now + timedelta(days=cast(int, row["days_ahead"]))
    return datetime(day.year, day.month, day.day, int(hour), int(minute))  # noqa: DTZ001  wall time of the place


async def _post(row: Row, stage: Stage) -> None:
    parent = row.get("reply_to")
    draft = PostDraft(
        text=str(row["text"]),
        visibility=Visibility(str(row.get("visibility", "public"))),
        language=str(row["language"]),
        in_reply_to_uri=stage.uris[str(parent)] if parent else None,
    )
    author = stage.by(row)
    made = await posts.publish(draft, author=author.actor, now=stage.at(row), by_member_id=author.id)
    stage.uris[str(row["ref"])] = made.uri
    for verb, name in ((interactions.like, "likes"), (interactions.boost, "boosts")):
        for who in cast("list[str]", row.get(name, [])):
            await verb(made.uri, by=stage.members[who].actor, now=stage.at(row) + timedelta(hours=2))


async def _answer(row: Row, stage: Stage) -> None:
    visitor = stage.visitors[str(row["by"])]
    uri = f"{visitor.uri}/statuses/{row['to']}"
    draft = ForeignPost(
        uri=uri,
        author_uri=visitor.uri,
        content_html=str(row["html"]),
        language=str(row["language"]),
        url=uri,
        in_reply_to_uri=stage.uris[str(row["to"])],
        published_at=stage.at(row),
    )
    await foreign_posts.receive(draft, now=stage.at(row))


_TELLERS: tuple[tuple[str, Callable[[Row, Stage], Awaitable[None]]], ...] = (
    ("members", _member),
    ("visitors", _visitor),
    ("practices", _practice),
    ("events", _event),
    ("posts", _post),
    ("answers", _answer),
)
