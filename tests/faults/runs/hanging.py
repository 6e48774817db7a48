"""Hosts that take a delivery and never answer."""

import asyncio
from collections import Counter

from aiohttp import web

from tests.peers.peer import Peer


class Hanging:
    """Takes deliveries for many hosts and answers none of them; counts them by host."""

    def __init__(self) -> None:
        self.open: Counter[str] = Counter()

    def take_over(self, peer: Peer) -> None:
        """Let the inbox of a peer hang from now on."""
        peer.handlers["/inbox"] = lambda _request: self._hang(peer.host)

    async def _hang(self, host: str) -> web.StreamResponse:
        self.open[host] += 1
        return await asyncio.Future()
