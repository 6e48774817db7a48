"""`python -m tests.bench.bare PORT`: the node's web server with nothing behind it, to see what the server costs."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import uvloop

from node.settings import load
from web.server import serve, stop_on_signals

BODY = b'{"ok":true,"hello":"world"}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Read the body and answer 27 bytes."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


async def _main(port: int) -> None:
    given = {
        "PUBLIC_URL": "http://bare.test",
        "DEVELOPMENT": "true",
        "LISTEN": f"127.0.0.1:{port}",
        "DATA_DIR": str(Path.cwd() / "unused"),
        "SECRET_KEY": "nothing here is secret, it is only long",
    }
    stop = asyncio.Event()
    stop_on_signals(stop)
    await serve(app, load({f"TALANOA_{name}": value for name, value in given.items()}, {}), stop)


if __name__ == "__main__":
    uvloop.run(_main(int(sys.argv[1])))
