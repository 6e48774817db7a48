"""Names to addresses: resolved once, every address checked, and only checked ones are dialled."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult

from federation.errors import Refused
from federation.guard import Address, Network, check_address

Lookup = Callable[[str], Awaitable[Sequence[str]]]
"""Asks DNS: a host name in, its addresses as text out; OSError if there is none."""

LOOKUP_THREADS = 16
MOST_ADDRESSES = 16


class SystemLookup:
    """The resolver of the system, in threads of its own: a hanging name server blocks only these."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(LOOKUP_THREADS, thread_name_prefix="dns")

    async def __call__(self, host: str) -> Sequence[str]:
        """Return the addresses of `host`; raise OSError if it has none."""
        found = await asyncio.get_running_loop().run_in_executor(self._threads, _ask_system, host)
        return [address.partition("%")[0] if "." in address else address for address in found]

    def close(self) -> None:
        """Let the threads go; a lookup under way is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _ask_system(host: str) -> list[str]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class GuardedResolver(AbstractResolver):
    """Hands the connector only addresses that the guard let through.

    One forbidden address among several refuses the name as a whole: whoever mixes them is testing us.
    """

    def __init__(
        self,
        *,
        lookup: Lookup,
        allowed_networks: tuple[Network, ...],
        static_hosts: Mapping[str, tuple[str, int]],
    ) -> None:
        self._lookup = lookup
        self._allowed = allowed_networks
        self._static = static_hosts

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return what may be dialled for `host`; raise Refused or OSError."""
        address, static_port = self._static.get(host, (None, port))
        texts = await self._lookup(host) if address is None else [address]
        checked = [self.check(text, host=host) for text in texts[:MOST_ADDRESSES]]
        if not checked:
            raise OSError(f"{host} has no address")
        return [_result(host, found, static_port) for found in checked]

    def check(self, text: str, *, host: str) -> Address:
        """Return the address `text` if it may be dialled; raise Refused naming `host`."""
        try:
            return check_address(text, allowed_networks=self._allowed)
        except Refused as refusal:
            raise Refused(f"{host}: {refusal}") from None

    def open_socket(self, address_info: tuple[object, ...]) -> socket.socket:
        """Open the socket for an address about to be dialled, after one last look at it.

        This is the only place where a socket is made, so an IP literal or a change inside the library
        can't slip past `resolve`.
        """
        family, kind, protocol, _, target = address_info
        if not isinstance(target, tuple):
            raise Refused("an address without host and port")
        self.check(str(target[0]), host="connection")
        opened = socket.socket(_number(family), _number(kind), _number(protocol))
        opened.setblocking(False)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    async def close(self) -> None:
        """Nothing is kept."""


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise Refused("an address of no known kind")
    return value


def _result(host: str, address: Address, port: int) -> ResolveResult:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return {"hostname": host, "host": str(address), "port": port, "family": family, "proto": 0, "flags": flags}
