"""The header that tells a server which of its people follow the sender, by our count. Spec: FEP-8fcf."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from federation.followers_sync import HEADER, digest_of, header_of
from federation.http import Headers
from node.database import rows
from node.models import FollowState

Key = TypeVar("Key")
Value = TypeVar("Value")

COUNTED_FOR = timedelta(seconds=60)
TOLD_EVERY = timedelta(minutes=10)
SENDERS_KEPT = 200
TOLD_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class _Counted:
    """The digest of a sender's followers at each origin, as counted at `at`."""

    uri: str
    digests: Mapping[str, str]
    at: datetime


class FollowerDigests:
    """What this process has counted and told lately: a statement a sender and minute, a header a server and while."""

    def __init__(self) -> None:
        self._counted: OrderedDict[int, _Counted] = OrderedDict()
        self._told: OrderedDict[tuple[int, str], datetime] = OrderedDict()

    async def headers(self, sender_id: int, inbox_url: str, *, now: datetime) -> Headers:
        """Return the header for a delivery; none where nobody follows the sender, or it was told a while ago."""
        origin = origin_of(inbox_url)
        told = self._told.get((sender_id, origin))
        if told is not None and told + TOLD_EVERY > now:
            return ()
        counted = self._counted.get(sender_id)
        if counted is None or counted.at + COUNTED_FOR <= now:
            counted = await _count(sender_id, now=now)
            _put(self._counted, sender_id, counted, SENDERS_KEPT)
        digest = counted.digests.get(origin)
        if digest is None:
            return ()
        _put(self._told, (sender_id, origin), now, TOLD_KEPT)
        value = header_of(f"{counted.uri}/followers", f"{counted.uri}/followers_synchronization", digest)
        return ((HEADER, value),)


def origin_of(url: str) -> str:
    """Return scheme and authority of a URL that was checked before."""
    return "/".join(url.split("/", 3)[:3])


async def _count(sender_id: int, *, now: datetime) -> _Counted:
    found = await rows(
        "SELECT sender.uri AS sender, follower.uri AS uri FROM actor AS sender "
        "LEFT JOIN follow ON follow.target_id = sender.id AND follow.state = ? "
        "LEFT JOIN actor AS follower ON follower.id = follow.follower_id AND follower.is_local = ? "
        "WHERE sender.id = ?",
        [FollowState.ACCEPTED, False, sender_id],
    )
    there: dict[str, list[str]] = {}
    for row in found:
        if row["uri"] is not None:
            there.setdefault(origin_of(str(row["uri"])), []).append(str(row["uri"]))
    sender = str(found[0]["sender"]) if found else ""
    return _Counted(sender, {origin: digest_of(uris) for origin, uris in there.items()}, now)


def _put(store: OrderedDict[Key, Value], key: Key, value: Value, most: int) -> None:
    store[key] = value
    store.move_to_end(key)
    while len(store) > most:
        store.popitem(last=False)
