"""Before the node runs: a tiny server answers in its place, so that name, port, TLS and proxy can be tried."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import quote

import orjson

from federation.client import ACCEPT_JSON, Budget, ProtocolClient
from federation.errors import ProtocolError
from federation.names import canonical_uri, host_of
from node.doctor.findings import Finding, fail, ok, warn
from node.doctor.outside import unreached
from node.settings import Settings

HEAD_BYTES = 16 * 1024
READ_SECONDS = 5


@dataclass
class Noted:
    """What the tiny server was asked: target, headers in lower case, and who connected."""

    target: str = ""
    peer: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Occupied(Exception):
    """Something else listens where the node is to listen."""


async def try_address(settings: Settings, client: ProtocolClient, *, nonce: str) -> list[Finding]:
    """Ask the public address while a tiny server stands behind it.

    Args:
        nonce: proves that it was this server that was reached.
    """
    base = settings.public_url.rstrip("/")
    resource = quote(f"acct:network@{settings.account_domain}", safe="")
    target = f"/.well-known/webfinger?resource={resource}&probe={nonce}"
    try:
        async with _tiny_server(settings, nonce) as noted:
            answer = await client.get_json(
                base + target, accept=ACCEPT_JSON, admit=lambda host: None, budget=Budget(requests=4)
            )
    except Occupied as error:
        mend = "End that program, or set TALANOA_LISTEN to another port and tell the proxy."
        return [fail("listen", f"{settings.listen} is taken ({error}).", mend)]
    except ProtocolError as error:
        return [unreached("address", base, error)]
    if nonce.encode() not in answer.raw:
        mend = f"Let the name lead to this machine and the proxy to {settings.listen}."
        return [fail("address", f"Something else answers at {base}.", mend)]
    return [ok("address", f"{base} leads here."), *judge_proxy(noted, target, settings)]


def judge_proxy(noted: Noted, target: str, settings: Settings) -> list[Finding]:
    """Say whether the proxy changed what signatures cover, and whether it is trusted to name visitors."""
    host = host_of(canonical_uri(settings.public_url, relaxed=settings.development))
    findings = []
    if noted.headers.get("host") != host:
        said = f"It makes Host {noted.headers.get('host')!r} of {host!r}."
        findings.append(fail("proxy", said, "nginx: proxy_set_header Host $host; signatures cover it."))
    if noted.target != target:
        said = f"It makes {noted.target!r} of {target!r}."
        findings.append(fail("proxy", said, "nginx: proxy_pass without a path; signatures cover the target."))
    is_trusted = any(ip_address(noted.peer) in network for network in settings.trusted_proxies)
    if "x-forwarded-for" in noted.headers and not is_trusted:
        mend = f"Set TALANOA_TRUSTED_PROXIES={noted.peer}, or all visitors look like one."
        findings.append(warn("proxy", f"{noted.peer} names visitors, but is not trusted.", mend))
    if is_trusted and "x-forwarded-for" not in noted.headers:
        mend = "nginx: proxy_set_header X-Forwarded-For $remote_addr; otherwise all visitors look like one."
        findings.append(warn("proxy", "It does not say who asked.", mend))
    return findings or [ok("proxy", "Host and target arrive unchanged.")]


@asynccontextmanager
async def _tiny_server(settings: Settings, nonce: str) -> AsyncIterator[Noted]:
    noted = Noted()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(READ_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            _note(noted, head, str(writer.get_extra_info("peername")[0]))
            writer.write(_answer(nonce))
            await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return
        finally:
            writer.close()

    try:
        where = settings.listen
        server = await asyncio.start_server(converse, where.host, where.port, limit=HEAD_BYTES)
    except OSError as error:
        raise Occupied(error.strerror or "in use") from None
    async with server:
        yield noted


def _note(noted: Noted, head: bytes, peer: str) -> None:
    first, *rest = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in rest if ":" in line)
    noted.headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    noted.target = first.split(" ")[1] if first.count(" ") == 2 else ""
    noted.peer = peer


def _answer(nonce: str) -> bytes:
    body = orjson.dumps({"probe": nonce})
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
    return head.encode() + b"Cache-Control: no-store\r\n\r\n" + body
