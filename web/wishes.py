"""What pages asked for and showed of other servers' pictures, until it is noted: a page neither fetches nor writes."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime

from node.clock import Clock
from node.community import foreign_pictures
from node.community.foreign_pictures import Wanted
from node.errors import CommunityError

MOST_WISHES = 500
GATHER_SECONDS = 0.2
_log = logging.getLogger("talanoa.pictures")


@dataclass(slots=True)
class Wishes:
    """What was asked for and shown since the last time it was noted; bounded, in the memory of this process."""

    wanted: dict[str, Wanted] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def want(self, wanted: Wanted) -> None:
        """Note a picture to be fetched; beyond the bound it has to be wanted again."""
        if len(self.wanted) < MOST_WISHES:
            self.wanted[wanted.key] = wanted
            self.wake.set()

    def note_shown(self, key: str) -> None:
        """Note that a picture was looked at."""
        if len(self.shown) < MOST_WISHES:
            self.shown.add(key)
            self.wake.set()

    async def note(self, *, now: datetime) -> None:
        """Write them down, many at once."""
        wanted, shown = tuple(self.wanted.values()), tuple(self.shown)
        self.wanted.clear()
        self.shown.clear()
        if wanted:
            await foreign_pictures.ask_for(wanted, now=now)
        if shown:
            await foreign_pictures.touch(shown, now=now)

    async def note_forever(self, clock: Clock) -> None:
        """Write them down a moment after they came, until cancelled."""
        while True:
            await self.wake.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self.wake.clear()
            try:
                await self.note(now=clock.now())
            except CommunityError as error:
                _log.warning("pictures are asked for later: %s", error)
