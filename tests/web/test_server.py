"""The guarded server against clients that mean no good: T-27, T-28, A-20, A-29."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from node.settings import Address, Settings
from web.guarded import Limits
from web.server import CannotListen, serve

QUICK = Limits(head_seconds=0.3, body_seconds=0.3, drain_seconds=2)


@dataclass
class Running:
    port: int
    stop: asyncio.Event
    entered: asyncio.Event
    release: asyncio.Event


def _of(running: Running) -> Any:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await _application(scope, receive, send, running=running)

    return application


async def _application(scope: Any, receive: Any, send: Any, *, running: Running) -> None:
    if scope["type"] == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    if scope["path"] == "/refuse":
        await _answer(send, 413)
        return
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    if scope["path"] == "/slow":
        running.entered.set()
        await running.release.wait()
    await _answer(send, 200, str(size).encode())


async def _answer(send: Any, status: int, body: bytes = b"") -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def server(limits: Limits = QUICK) -> AsyncIterator[Running]:
    running = Running(0, asyncio.Event(), asyncio.Event(), asyncio.Event())
    ready = asyncio.Event()

    def started(_host: str, port: int) -> None:
        running.port = port
        ready.set()

    settings = Settings(listen=Address("127.0.0.1", 0))
    task = asyncio.create_task(serve(_of(running), settings, running.stop, limits=limits, started=started))
    await ready.wait()
    try:
        yield running
    finally:
        running.stop.set()
        await task


async def exchange(port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    try:
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()


def status(answer: bytes) -> bytes:
    return answer.split(b"\r\n", 1)[0]


async def test_one_endless_header_is_cut_at_the_cap() -> None:
    async with server() as running:
        answer = await exchange(running.port, b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 70_000)

    assert status(answer) == b"HTTP/1.1 431 Request Header Fields Too Large"


async def test_a_complete_head_over_the_cap_is_refused() -> None:
    head = b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 33_000 + b"\r\n\r\n"

    async with server() as running:
        answer = await exchange(running.port, head)

    assert status(answer) == b"HTTP/1.1 431 Request Header Fields Too Large"


async def test_too_many_headers_are_refused() -> None:
    fields = b"".join(b"X-%d: a\r\n" % number for number in range(101))

    async with server() as running:
        answer = await exchange(running.port, b"GET / HTTP/1.1\r\nHost: a\r\n" + fields + b"\r\n")

    assert status(answer) == b"HTTP/1.1 431 Request Header Fields Too Large"


async def test_half_a_head_and_then_silence_is_closed_t27() -> None:
    async with server() as running:
        answer = await exchange(running.port, b"GET / HTTP/1.1\r\nHost:")

    assert status(answer) == b"HTTP/1.1 408 Request Timeout"


async def test_a_silent_connection_is_closed_without_a_word() -> None:
    async with server() as running:
        answer = await exchange(running.port, b"")

    assert answer == b""


async def test_a_body_that_drips_is_closed_t27() -> None:
    async with server() as running:
        answer = await exchange(running.port, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\nabc")

    assert status(answer) == b"HTTP/1.1 408 Request Timeout"


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\nabc",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    ],
)
async def test_ambiguous_framing_is_refused_and_closed_a20(head: bytes) -> None:
    async with server() as running:
        answer = await exchange(running.port, head)

    assert status(answer) == b"HTTP/1.1 400 Bad Request"


async def test_a_client_that_goes_on_after_its_answer_is_cut() -> None:
    small = Limits(head_seconds=2, body_seconds=2, surplus_bytes=100_000)
    async with server(small) as running:
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.write(b"POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n" + b"a" * 90_000)
        first = await reader.readline()
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            while True:
                writer.write(b"a" * 65_536)
                await writer.drain()
        writer.close()

    assert first == b"HTTP/1.1 413 Request Entity Too Large\r\n"


async def test_a_new_connection_displaces_the_oldest_idle_one_t28() -> None:
    async with server(Limits(connections=5, connections_per_address=5)) as running:
        idle = [await asyncio.open_connection("127.0.0.1", running.port) for _ in range(5)]
        answer = await exchange(running.port, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        oldest = await asyncio.wait_for(_rest(idle[0][0]), 5)
        for _, writer in idle:
            writer.close()

    assert (status(answer), oldest) == (b"HTTP/1.1 200 OK", b"")


async def _rest(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


async def test_a_full_server_says_so() -> None:
    async with server(Limits(connections=1, connections_per_address=1)) as running:
        _, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.write(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        await running.entered.wait()
        answer = await exchange(running.port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        running.release.set()
        writer.close()

    assert status(answer) == b"HTTP/1.1 503 Service Unavailable"


async def test_a_running_request_is_finished_when_the_server_stops() -> None:
    async with server() as running:
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.write(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        await running.entered.wait()
        running.stop.set()
        running.release.set()
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()

    assert status(answer) == b"HTTP/1.1 200 OK"


async def test_answers_name_no_server_a29() -> None:
    async with server() as running:
        answer = await exchange(running.port, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

    assert b"server:" not in answer.lower()


async def test_a_taken_address_is_named() -> None:
    async with server() as running:
        taken = Settings(listen=Address("127.0.0.1", running.port))
        with pytest.raises(CannotListen) as refused:
            await serve(_of(running), taken, asyncio.Event())

    said = str(refused.value)
    wanted = (f"127.0.0.1:{running.port} is in use", "TALANOA_LISTEN", "make run RUN_PORT=9000")
    assert [words in said for words in wanted] == [True] * 3
