"""What a body may look like: size, kind, depth, odd JSON. T-14, T-22 to T-24, A-20."""

import asyncio
import gzip
import json

import pytest

from inbox.models import ReceivedActivity
from tests.inbox.test_door_keys import follow
from tests.peers.actors import PeerActor
from tests.peers.cavage import Message
from tests.standing import ALL_INBOXES, INBOXES, Company

MEBIBYTE = 1024 * 1024


async def answered(company: Company, body: bytes, actor: PeerActor, inbox: str) -> int:
    return (await company.home.post(company.good, body, actor, inbox)).status


def nested(depth: int, activity: dict[str, object]) -> bytes:
    """Return an activity of which one member makes it `depth` levels deep in all."""
    inner = "[" * (depth - 1) + "]" * (depth - 1)
    return json.dumps(activity).encode()[:-1] + b', "x": ' + inner.encode() + b"}"


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_body_has_its_limits(company: Company, inbox: str) -> None:
    """T-22, T-23."""
    rosa = company.good.actor("rosa")
    activity = follow(company.good, rosa)
    padding = MEBIBYTE - len(json.dumps(activity | {"x": ""}))
    fits = json.dumps(activity | {"x": "a" * padding}).encode()
    assert len(fits) == MEBIBYTE

    assert await answered(company, fits + b" ", rosa, inbox) == 413
    assert await answered(company, nested(33, activity), rosa, inbox) == 400
    assert await answered(company, nested(200_000, activity), rosa, inbox) == 400
    assert await ReceivedActivity.all().count() == 0
    assert await answered(company, fits, rosa, inbox) == 202
    assert await answered(company, nested(32, follow(company.good, rosa)), rosa, inbox) == 202


@pytest.mark.parametrize("inbox", INBOXES)
async def test_what_is_not_one_readable_object_is_refused(company: Company, inbox: str) -> None:
    """T-24: 400 or harmless, never 500."""
    rosa = company.good.actor("rosa")
    text = json.dumps(follow(company.good, rosa))
    bad = [
        b"",
        b"null",
        b"[]",
        b'"Follow"',
        b"{",
        text.encode() + b"{}",
        text.encode("utf-16"),
        b"\xef\xbb\xbf" + text.encode(),
        text.replace("Follow", "Fo\\u0000llow").encode(),
        text.replace("Follow", "\\ud800").encode(),
        text.replace('"Follow"', "NaN").encode(),
        text.replace("Follow", "Fo\x01llow").encode(),
        b"\xff" + text.encode(),
    ]
    assert [await answered(company, body, rosa, inbox) for body in bad] == [400] * len(bad)
    assert await ReceivedActivity.all().count() == 0

    odd = [
        text[:-1] + ', "x": 1e999}',
        text[:-1] + f', "x": {"9" * 5000}}}',
        text[:-1] + ', "__proto__": 1, "constructor": {}}',
        text[:-1] + ", " + ", ".join(f'"k{number}": 1' for number in range(50_000)) + "}",
        text[:-1] + ', "type": "Like", "type": "Follow"}',
    ]
    assert {await answered(company, body.encode(), rosa, inbox) for body in odd} <= {202, 400}


async def test_only_activities_are_taken_and_never_compressed(company: Company) -> None:
    """T-22: 415, at every inbox."""
    rosa = company.good.actor("rosa")
    body = json.dumps(follow(company.good, rosa)).encode()

    for inbox in ALL_INBOXES:
        plain = company.home.message(body, inbox)
        for headers, sent in (
            ({"content-type": "text/plain"}, body),
            ({"content-type": "application/json"}, body),
            ({"content-type": "multipart/form-data; boundary=x"}, body),
            ({"content-type": plain.headers["content-type"], "content-encoding": "gzip"}, gzip.compress(body)),
        ):
            message = company.good.sign(Message("POST", plain.url, headers, sent), actor=rosa)
            assert (await company.good.send(message)).status == 415
    assert await ReceivedActivity.all().count() == 0

    profile = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
    message = Message("POST", company.home.message(body).url, {"content-type": profile}, body)
    assert (await company.good.send(company.good.sign(message, actor=rosa))).status == 202


async def test_posts_that_break_off_leave_the_node_answering(company: Company) -> None:
    """A hundred clients that announce a body, send half of it and hang up."""
    port = company.home.network.static_hosts["home.test"][1]
    head = f"POST {INBOXES[0]} HTTP/1.1\r\nhost: home.test\r\ncontent-type: application/activity+json\r\n"

    async def abort() -> None:
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head.encode() + b'content-length: 1000\r\n\r\n{"half":')
        await writer.drain()
        writer.transport.abort()

    for _ in range(4):
        await asyncio.gather(*(abort() for _ in range(25)))

    rosa = company.good.actor("rosa")
    assert (await company.home.post(company.good, follow(company.good, rosa), rosa)).status == 202
