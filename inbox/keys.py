"""Whose key is that? From memory, from the database, or by one bounded lookup.

This is the only place where a request may wait for the network: one lookup, at most three GETs, five seconds
in all, the wait for a place included, 32 at once.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from federation.client import Budget
from federation.errors import Gone, NotFound, ProtocolError, Refused, Unauthenticated, Unreachable
from federation.names import canonical_uri, host_of
from inbox import lookups
from inbox.budget import Budget as Pace
from inbox.budget import site_of
from inbox.fetch import Fetcher
from inbox.lookups import Failure, Question
from inbox.places import Places
from inbox.stored_keys import MOST_TOGETHER, KnownKey, stored
from inbox.together import Together
from node.models import Host

Value = TypeVar("Value")

LOOKUP_REQUESTS = 3
LOOKUP_SECONDS = 5.0
LOOKUPS_AT_ONCE = 32
LOOKUPS_A_SECOND = 80
PLACE_SECONDS = 2.0
"""How much of the five seconds may pass before a place is free."""
REMEMBERED = 10_000
BELIEVED_FOR = timedelta(minutes=5)
REFETCH_PAUSE = timedelta(minutes=5)
NEW_HOSTS_AN_HOUR = 100
"""So many hosts of one site, `*.site.example`, may introduce themselves. Spec: security V-M17."""


class KeyGone(Unauthenticated):
    """The key's own server says that there is no such thing, or not any more."""


class KeyRing:
    """The keys of others, in this process. What is remembered here is only a copy of the database.

    Args:
        jitter: gives a share between -0.2 and 0.2, by which a pause is moved.
    """

    def __init__(self, fetcher: Fetcher, *, jitter: Callable[[], float]) -> None:
        self._fetcher = fetcher
        self._places = Places(at_once=LOOKUPS_AT_ONCE, a_second=LOOKUPS_A_SECOND, jitter=jitter)
        self._stored: Together[str, KnownKey | None] = Together(stored, most=MOST_TOGETHER)
        self._untried: Together[Question, None] = Together(lookups.untried, most=MOST_TOGETHER)
        self._failed: Together[Failure, None] = Together(lookups.failed, most=MOST_TOGETHER)
        self._known: OrderedDict[str, tuple[KnownKey, datetime]] = OrderedDict()
        self._refetched: OrderedDict[str, datetime] = OrderedDict()
        self._asked: OrderedDict[str, datetime] = OrderedDict()
        self._newcomers = Pace(rate=NEW_HOSTS_AN_HOUR / 3600, burst=NEW_HOSTS_AN_HOUR, unit="new hosts")
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def find(self, key_id: str, *, now: datetime) -> KnownKey:
        """Return the key named `key_id` (canonical), looking it up if it was never seen.

        Raises:
            Unauthenticated: there is no such key, or nobody owns it.
            Unreachable: its server could not be asked now, or too many lookups are under way.
            Refused: policy does not admit its server.
            TooMany: of its site, too many hosts were new within the hour.
        """
        held = self._known.get(key_id)
        if held is not None and held[1] > now:
            return held[0]
        stored = await self._stored.ask(key_id)
        if stored is None:
            await self._look_up_together(key_id, now=now)
            stored = await self._stored.ask(key_id)
        if stored is None:
            raise Unauthenticated(f"nobody owns the key {key_id}")
        return self._remember(key_id, stored, now=now)

    async def known(self, key_id: str) -> KnownKey | None:
        """Return the key if it is stored here; nothing is asked elsewhere."""
        return await self._stored.ask(key_id)

    def may_ask(self, key_id: str, *, now: datetime) -> bool:
        """Tell whether an errand for a key makes sense; yes once in five minutes for each."""
        if self._asked.get(key_id, now - REFETCH_PAUSE) > now - REFETCH_PAUSE:
            return False
        _bounded_put(self._asked, key_id, now)
        return True

    async def again(self, key_id: str, *, now: datetime) -> KnownKey | None:
        """Read the key anew after a signature did not fit; None if that was done less than five minutes ago.

        Raises:
            Unauthenticated, Unreachable, Refused: as `find`; an outage is no reason to take a message for forged.
        """
        is_under_way = key_id in self._under_way
        if not is_under_way and self._refetched.get(key_id, now - REFETCH_PAUSE) > now - REFETCH_PAUSE:
            return None
        await self._look_up_together(key_id, now=now)
        _bounded_put(self._refetched, key_id, now)
        stored = await self._stored.ask(key_id)
        return self._remember(key_id, stored, now=now) if stored else None

    def forget(self, key_id: str) -> None:
        """Drop a key from memory; the database still has it."""
        self._known.pop(key_id, None)

    def _remember(self, key_id: str, key: KnownKey, *, now: datetime) -> KnownKey:
        _bounded_put(self._known, key_id, (key, now + BELIEVED_FOR))
        return key

    async def _look_up_together(self, key_id: str, *, now: datetime) -> None:
        """Look a key up once for all who wait for it; that one of them gives up stops nobody else."""
        task = self._under_way.get(key_id)
        if task is None:
            task = asyncio.create_task(self._look_up(key_id, now=now))
            self._under_way[key_id] = task
            task.add_done_callback(lambda done: self._ended(key_id, done))
        await asyncio.shield(task)

    async def _require_few_newcomers(self, host: str, *, now: datetime) -> None:
        """Let only so many unknown hosts of a site be asked: a wildcard in DNS is any number of hosts."""
        site = site_of(host)
        if host != site and not await Host.exists(name=host):
            self._newcomers.require(site, is_named=False, at=now.timestamp())
            self._newcomers.spend(site, is_named=False, at=now.timestamp())

    def _ended(self, key_id: str, task: "asyncio.Task[None]") -> None:
        del self._under_way[key_id]
        if not task.cancelled():
            task.exception()  # whoever still waits gets it; nobody else needs to

    async def _look_up(self, key_id: str, *, now: datetime) -> None:
        try:
            await self._untried.ask(Question(key_id, now))
        except (Gone, NotFound) as error:
            raise KeyGone(str(error)) from error
        except Refused as error:
            raise Unauthenticated(str(error)) from error
        await self._require_few_newcomers(host_of(canonical_uri(key_id, relaxed=True)), now=now)
        began = asyncio.get_running_loop().time()
        async with self._places.one(seconds=min(PLACE_SECONDS, LOOKUP_SECONDS / 2)):
            waited = asyncio.get_running_loop().time() - began
            try:
                await self._ask_its_server(key_id, seconds=LOOKUP_SECONDS - waited, now=now)
            except ProtocolError as error:
                await self._failed.ask(Failure(key_id, error, now))
                if isinstance(error, Unreachable):
                    raise
                refusal = KeyGone if isinstance(error, Gone | NotFound) else Unauthenticated
                raise refusal(f"no key {key_id}: {error}") from error

    async def _ask_its_server(self, key_id: str, *, seconds: float, now: datetime) -> None:
        budget = Budget(requests=LOOKUP_REQUESTS, seconds=seconds)
        try:
            async with asyncio.timeout(seconds):
                await self._fetcher.owner_of_key(key_id, budget=budget, now=now)
        except TimeoutError as error:
            raise Unreachable("the key's server answered too slowly") from error


def _bounded_put(store: "OrderedDict[str, Value]", key: str, value: Value) -> None:
    store[key] = value
    store.move_to_end(key)
    if len(store) > REMEMBERED:
        store.popitem(last=False)
