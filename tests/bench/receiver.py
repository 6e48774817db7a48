"""`python -m tests.bench.receiver PORT FILE [FOLDER]`: all the made-up hosts, answers 202 and notes when a Create came.

With a folder it speaks TLS with the certificate there, and each of its answers is the last of its connection.
"""

import asyncio
import signal
import ssl
import sys
import time
from pathlib import Path
from typing import cast

import uvloop

from tests.bench.load import LOOPBACK

ACCEPTED = b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n"
ACCEPTED_LAST = b"HTTP/1.1 202 Accepted\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
MISSING = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"


class Inbox(asyncio.Protocol):
    """One connection of a sender; `arrived` gets a moment for each POST."""

    def __init__(self, arrived: list[float], accepted: bytes) -> None:
        self._arrived = arrived
        self._accepted = accepted
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class

    def data_received(self, data: bytes) -> None:
        """Answer every whole request."""
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            whole = end + 4 + _length(self._held[:end])
            if len(self._held) < whole:
                return
            is_post = self._held.startswith(b"POST")
            self._held = self._held[whole:]
            if is_post:
                self._arrived.append(time.time())
            self._transport.write(self._accepted if is_post else MISSING)


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


def _context(folder: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(folder) / "server.pem")
    return context


async def _main(port: int, file: Path, context: ssl.SSLContext | None) -> None:
    arrived: list[float] = []
    written = 0
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    accepted = ACCEPTED if context is None else ACCEPTED_LAST
    await loop.create_server(lambda: Inbox(arrived, accepted), LOOPBACK, port, ssl=context, backlog=1024)
    with file.open("a", encoding="ascii", buffering=1) as out:
        while not stop.is_set():
            out.writelines(f"{moment!r}\n" for moment in arrived[written:])
            written = len(arrived)
            try:
                await asyncio.wait_for(stop.wait(), 0.1)
            except TimeoutError:
                continue


if __name__ == "__main__":
    uvloop.run(_main(int(sys.argv[1]), Path(sys.argv[2]), _context(sys.argv[3]) if len(sys.argv) > 3 else None))
