"""Slow, endless and swollen answers end early: deadlines in a tenth of their size, bytes as they are."""

import asyncio
import gzip
import zlib
from contextlib import suppress

import pytest
from aiohttp import web

from federation.client import ACCEPT_JRD, JRD_BYTES, JSON_BYTES, Budget, Deadlines, ProtocolClient
from federation.errors import Malformed, Unreachable
from tests.federation.client.asking import admit_all, get
from tests.network import Network, raw_server

ACTIVITY = "application/activity+json"
URL = "http://slow.test/users/ada"
QUICK = Deadlines(connect=0.2, fetch=0.3, deliver=0.3)


def answering(body: bytes, encoding: str = "") -> object:
    async def answer(request: web.Request) -> web.Response:
        headers = {"content-type": ACTIVITY} | ({"content-encoding": encoding} if encoding else {})
        return web.Response(body=body, headers=headers)

    return answer


async def test_a_dripping_body_ends_at_the_deadline_of_the_whole_call(network: Network) -> None:
    """Facts 0.3: no single read is slow."""
    slow = await network.peer("slow.test")
    dripped: list[int] = []

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": ACTIVITY})
        await response.prepare(request)
        never = asyncio.Event()
        with suppress(ConnectionError):
            for _ in range(1000):
                await response.write(b" ")
                dripped.append(1)
                with suppress(TimeoutError):
                    await asyncio.wait_for(never.wait(), 0.01)
        return response

    slow.handlers["/users/ada"] = drip
    async with ProtocolClient(network.client_settings(QUICK)) as client:
        with pytest.raises(Unreachable, match="timeout"):
            await get(client, URL)

    assert 0 < len(dripped) < 200


async def test_a_server_that_says_nothing_ends_at_the_deadline(network: Network) -> None:
    slow = await network.peer("slow.test")
    asked = asyncio.Event()

    async def hang(request: web.Request) -> web.Response:
        asked.set()
        await asyncio.Event().wait()
        return web.Response()

    slow.handlers["/users/ada"] = hang
    async with ProtocolClient(network.client_settings(QUICK)) as client:
        with pytest.raises(Unreachable, match="timeout"):
            await get(client, URL)

    assert asked.is_set()


async def test_headers_line_by_line_end_at_the_deadline(network: Network) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        never = asyncio.Event()
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100):
            writer.write(b"x-%d: y\r\n" % number)
            await writer.drain()
            with suppress(TimeoutError):
                await asyncio.wait_for(never.wait(), 0.02)

    async with raw_server(drip) as port, ProtocolClient(network.client_settings(QUICK)) as client:
        network.place("slow.test", port)
        with pytest.raises(Unreachable, match="timeout"):
            await get(client, URL)


async def test_all_calls_of_one_cause_share_its_seconds(network: Network) -> None:
    """T-34: twenty seconds in all, here three tenths."""
    slow = await network.peer("slow.test")

    async def hang(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    slow.handlers["/users/ada"] = hang
    budget = Budget(seconds=0.2)
    async with ProtocolClient(network.client_settings()) as client:
        with pytest.raises(Unreachable, match="timeout"):
            await get(client, URL, budget=budget)

    assert (budget.requests_left, budget.seconds_left <= 0) == (9, True)


async def test_an_endless_body_is_cut_at_one_mebibyte(network: Network, client: ProtocolClient) -> None:
    """V-F13: without a length."""
    slow = await network.peer("slow.test")
    sent: list[int] = []

    async def pour(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": ACTIVITY})
        await response.prepare(request)
        with suppress(ConnectionError):
            for _ in range(1600):
                await response.write(b" " * 65536)
                sent.append(65536)
        return response

    slow.handlers["/users/ada"] = pour
    with pytest.raises(Malformed):
        await get(client, URL)

    assert sum(sent) < 32 * JSON_BYTES


@pytest.mark.parametrize("size", [JSON_BYTES + 1, 40 * JSON_BYTES])
async def test_a_gzip_that_grows_over_the_limit_is_refused(network: Network, client: ProtocolClient, size: int) -> None:
    """Facts 0.4: 40 kB that would become 40 MB."""
    slow = await network.peer("slow.test")
    packer = zlib.compressobj(wbits=31)
    packed = b"".join(packer.compress(b" " * 65536) for _ in range(size // 65536))
    packed += packer.compress(b" " * (size % 65536)) + packer.flush()
    slow.handlers["/users/ada"] = answering(packed, "gzip")  # type: ignore[assignment]

    with pytest.raises(Malformed, match="more than"):
        await get(client, URL)


async def test_a_gzip_of_exactly_the_limit_is_read(network: Network, client: ProtocolClient) -> None:
    slow = await network.peer("slow.test")
    body = b" " * JSON_BYTES
    slow.handlers["/users/ada"] = answering(gzip.compress(body), "gzip")  # type: ignore[assignment]

    assert (await get(client, URL)).raw == body


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"not gzip", "gzip"),
        (gzip.compress(b"{}" * 1000, mtime=0)[:-12], "gzip"),
        (b"{}", "br"),
        (b"{}", "gzip, gzip"),
        (zlib.compress(b"{}"), "deflate"),
    ],
)
async def test_a_body_that_cannot_be_unpacked_is_malformed(
    network: Network, client: ProtocolClient, body: bytes, encoding: str
) -> None:
    slow = await network.peer("slow.test")
    slow.handlers["/users/ada"] = answering(body, encoding)  # type: ignore[assignment]

    with pytest.raises(Malformed):
        await get(client, URL)


async def test_webfinger_is_read_up_to_64_kib(network: Network, client: ProtocolClient) -> None:
    """T-36."""
    slow = await network.peer("slow.test")

    async def large(request: web.Request) -> web.Response:
        return web.Response(body=b" " * (JRD_BYTES + 1), content_type="application/jrd+json")

    slow.handlers["/.well-known/webfinger"] = large
    with pytest.raises(Malformed):
        await client.get_json(
            "http://slow.test/.well-known/webfinger",
            accept=ACCEPT_JRD,
            admit=admit_all,
            budget=Budget(),
            max_bytes=JRD_BYTES,
        )


async def test_the_bytes_of_one_cause_are_counted_together(network: Network, client: ProtocolClient) -> None:
    """T-34: two mebibytes in all."""
    slow = await network.peer("slow.test")
    slow.handlers["/users/ada"] = answering(b" " * JSON_BYTES)  # type: ignore[assignment]
    budget = Budget(body_bytes=JSON_BYTES + 10)

    await get(client, URL, budget=budget)
    with pytest.raises(Malformed, match="more than 10 bytes"):
        await get(client, URL, budget=budget)


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 9\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-le"])
async def test_what_is_not_http_is_no_answer(network: Network, client: ProtocolClient, answer: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    async with raw_server(talk) as port:
        network.place("slow.test", port)
        with pytest.raises(Unreachable):
            await get(client, URL)


async def test_a_body_cut_off_by_the_sender_is_not_taken_for_whole(network: Network, client: ProtocolClient) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/activity+json\r\ncontent-length: 100\r\n\r\n{}")
        await writer.drain()

    async with raw_server(talk) as port:
        network.place("slow.test", port)
        with pytest.raises(Unreachable, match="broken"):
            await get(client, URL)
