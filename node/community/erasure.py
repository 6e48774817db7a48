"""What goes when an object goes: everything that hangs on its URI."""

from collections.abc import Iterable
from datetime import datetime

from node.community import foreign_pictures, search_entries
from node.community.once import insert_once
from node.database import few_sizes, marks, rows
from node.models import (
    Attachment,
    Boost,
    GoneObject,
    Hashtag,
    Like,
    Mention,
    Notification,
    Pin,
    Poll,
    PostEmoji,
    Quote,
    Reaction,
    Vote,
)

BATCH = 500


async def erase_around(uris: Iterable[str]) -> None:
    """Delete pictures, tags, likes, boosts, signs, polls, quotes, notices and search entries of objects.

    Mentions stay: the Delete still has to reach the people who were named.
    """
    everything = list(uris)
    for start in range(0, len(everything), BATCH):
        some = everything[start : start + BATCH]
        urls = await Attachment.filter(object_uri__in=some, media_id=None).values_list("url", flat=True)
        await foreign_pictures.forget_urls(str(url) for url in urls)
        for model in (Attachment, Hashtag, Like, Boost, Notification, Pin, Reaction, Poll, PostEmoji, Vote):
            await model.filter(object_uri__in=some).delete()
        await Quote.filter(quoting_uri__in=some).delete()
        await search_entries.leave(*some)


async def erase_traces(uris: Iterable[str]) -> None:
    """Delete everything that hangs on foreign objects, mentions too."""
    everything = list(uris)
    await erase_around(everything)
    for start in range(0, len(everything), BATCH):
        await Mention.filter(object_uri__in=everything[start : start + BATCH]).delete()


async def remember_gone(uri: str, actor_uri: str, *, now: datetime) -> None:
    """Remember that an id was deleted, so that a late Create of it changes nothing."""
    await insert_once(GoneObject, {"uri": uri}, {"actor_uri": actor_uri, "at": now})


async def is_gone(uri: str) -> bool:
    """Tell whether a Delete of this id came."""
    return bool(await gone_among([uri]))


async def gone_among(uris: Iterable[str]) -> frozenset[str]:
    """Return those of the ids for which a Delete came."""
    wanted = few_sizes(uris)
    if not wanted:
        return frozenset()
    sql = f"SELECT uri FROM gone_object WHERE uri IN ({marks(len(wanted))})"  # noqa: S608
    return frozenset(str(row["uri"]) for row in await rows(sql, wanted))
