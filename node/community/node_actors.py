"""The actors that every node has: itself, and four Groups that anyone can follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from node.chance import public_id
from node.community import addresses
from node.community.actors import NODE_ACTOR, local_columns, make_findable
from node.community.once import Columns, insert_once
from node.database import atomic
from node.models import Actor, ActorKind, Post, Visibility
from node.text.markdown import Handle, Known, render


@dataclass(frozen=True, slots=True)
class ActorText:
    """How an actor presents itself.

    Args:
        bio: Markdown: what comes, how often, how to answer.
        guide: Markdown of the pinned note; empty for none.
    """

    display_name: str
    bio: str
    guide: str = ""


TEXTS: Mapping[str, ActorText] = {
    NODE_ACTOR: ActorText(
        "The server itself",
        "This account is the server. It asks other servers for what its members look up, and passes events on to "
        "servers that follow it. Nobody reads what is written to it.",
    ),
    "network": ActorText(
        "Everything from this network",
        "All that is published here in one place: practice records, events and what members write. "
        "A few times a week, more around meetings. Reply to anything, and your answer appears below it on our pages.",
        "Follow this account to get everything that is published here. If that is too much, follow one of "
        "@practices, @events or @posts instead.\n\n"
        "Reply from your own server, no account here is needed: your answer appears below the item on our pages. "
        "A boost shows it to the people who follow you.",
    ),
    "posts": ActorText(
        "Posts by members",
        "Passes on what members of this network write in public. Every working day or so. "
        "Reply to a post: it reaches the person who wrote it, and appears below it on our pages.",
        "Follow this account to read what our members write. It passes their posts on and writes nothing itself.\n\n"
        "Reply to a post and it reaches its author. To start a conversation, mention a member by name.",
    ),
    "events": ActorText(
        "Events",
        "Announces meetings, trainings and calls, each with its time, time zone and place or link. "
        "A few times a month; a change or cancellation comes at once. Reply to an event to ask the organisers.",
        "Follow this account to hear of our meetings in time. Every event says when it takes place in the time of its "
        "place and in UTC, and where or under which link.\n\n"
        "Reply to an event to ask a question: the answer appears below the event on our pages.",
    ),
    "practices": ActorText(
        "Practice records",
        "Short records of what worked and what failed when governments went digital: the country, what was done, the "
        "result and how well it is proven. A few times a month. Reply with a question, or with your own experience.",
        "Follow this account to get every practice record when it is published. The first lines say where, what was "
        "done and what came of it; the link leads to the whole record.\n\n"
        "Reply with a question or with what you did yourself: your answer appears below the record on our pages.",
    ),
}


async def ensure_node_actors(base: str, *, now: datetime, texts: Mapping[str, ActorText] = TEXTS) -> dict[str, Actor]:
    """Make the node's own actors and the Groups' pinned notes, where they are missing.

    Args:
        base: the public URL without a trailing slash; fixed by the first start.
        texts: how they present themselves, by name; what exists is left as it is.

    Returns:
        `actor`, `network`, `posts`, `events`, `practices`, each with its row.
    """
    bios = {name: (await _rendered(text.bio, base)) for name, text in texts.items()}
    guides = {name: (await _rendered(text.guide, base)) for name, text in texts.items()}
    found: dict[str, Actor] = {}
    async with atomic():
        for name, text in texts.items():
            columns: Columns = {"bio_source": text.bio, "bio_html": bios[name], "display_name": text.display_name}
            found[name] = await _ensure(name, base, columns, now=now)
            if text.guide:
                await _ensure_guide(found[name], text.guide, guides[name], now=now)
    return found


async def guide_of(group: Actor) -> Post | None:
    """Find the pinned note of a Group."""
    return await Post.get_or_none(author_id=group.id, is_guide=True, withdrawn_at__isnull=True)


async def _ensure(name: str, base: str, columns: Columns, *, now: datetime) -> Actor:
    is_node = name == NODE_ACTOR
    uri = addresses.node_actor_uri(base) if is_node else addresses.group_uri(base, name)
    common = local_columns(uri, base, now=now)
    own: Columns = {
        "kind": ActorKind.APPLICATION if is_node else ActorKind.GROUP,
        "local_name": name,
        "name": common["host"] if is_node else name,
        "url": f"{base}/about" if is_node else addresses.actor_page(base, name),
        "discoverable": not is_node,
        "indexable": not is_node,
        "language": "en",
    }
    del common["uri"]
    row, is_new = await insert_once(Actor, {"uri": uri}, {**common, **own, **columns})
    if is_new and not is_node:
        await make_findable(row)
    return row


async def _ensure_guide(group: Actor, source: str, html: str, *, now: datetime) -> None:
    if await Post.filter(author_id=group.id, is_guide=True).exists():
        return
    base = addresses.base_of(group)
    fresh = public_id(now)
    uri = addresses.post_uri(base, fresh)
    await Post.create(
        uri=uri,
        public_id=fresh,
        author=group,
        is_local=True,
        is_guide=True,
        visibility=Visibility.PUBLIC,
        source=source,
        content_html=html,
        language="en",
        url=addresses.post_page(base, fresh),
        thread_uri=uri,
        published_at=now,
    )


async def _rendered(source: str, base: str) -> str:
    def resolve(handle: Handle) -> Known | None:
        if handle.host or handle.name not in addresses.PUBLIC_GROUPS:
            return None
        return Known(addresses.group_uri(base, handle.name), addresses.actor_page(base, handle.name), handle.name)

    return (await render(source, resolve=resolve, tags_url=f"{base}/tags/")).html.html
