"""`python -m tests.bench.homes PORT PEM`: the hosts of actors nobody knows yet; each document takes 50 ms to come."""

import asyncio
import sys
from pathlib import Path
from typing import cast

import orjson
import uvloop

from tests.bench.load import LOOPBACK

DELAY_SECONDS = 0.05


class Home(asyncio.Protocol):
    """One connection of the node that looks for a key."""

    def __init__(self, pem: str) -> None:
        self._pem = pem
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class

    def data_received(self, data: bytes) -> None:
        """Answer every whole request, late."""
        self._held += data
        while b"\r\n\r\n" in self._held:
            head, _, self._held = self._held.partition(b"\r\n\r\n")
            asyncio.get_running_loop().call_later(DELAY_SECONDS, self._answer, head)

    def _answer(self, head: bytes) -> None:
        lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:])
        body = orjson.dumps(actor(f"http://{headers['host']}{lines[0].split(' ')[1]}", self._pem))
        start = "HTTP/1.1 200 OK\r\ncontent-type: application/activity+json\r\n"
        self._transport.write(f"{start}content-length: {len(body)}\r\n\r\n".encode() + body)


def actor(uri: str, pem: str) -> dict[str, object]:
    """Return the document of the person at `uri`."""
    return {
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
        "id": uri,
        "type": "Person",
        "preferredUsername": uri.rpartition("/")[2],
        "inbox": f"{uri}/inbox",
        "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": pem},
    }


async def _main(port: int, pem: str) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Home(pem), LOOPBACK, port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_main(int(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="ascii")))
