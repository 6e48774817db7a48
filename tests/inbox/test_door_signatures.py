"""Unsigned, half signed, wrongly signed: refused at every inbox, nothing stored. T-01, T-02, T-04 to T-06, T-13."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from inbox.models import ReceivedActivity
from tests.peers import cavage
from tests.peers.actors import PeerActor
from tests.peers.cavage import Message, Style
from tests.peers.flavours import RFC9421
from tests.peers.keys import pem_of, rsa_key
from tests.peers.peer import Peer
from tests.standing import BASE, INBOXES, Company

Change = Callable[[Message], Message]


def with_header(name: str, value: str | None) -> Change:
    def change(message: Message) -> Message:
        kept = {key: text for key, text in message.headers.items() if key != name}
        return replace(message, headers=kept if value is None else kept | {name: value})

    return change


def other_body(message: Message) -> Message:
    return replace(message, body=message.body.replace(b"Follow", b"Fallow"))


async def like(company: Company, inbox: str) -> tuple[PeerActor, Message]:
    """Return a good actor and a Like that it has not signed yet; its key is known here."""
    actor = company.good.actor("rosa")
    known = company.good.activity("Like", actor, f"{BASE}/ap/n/nothing")
    assert (await company.home.post(company.good, known, actor)).status == 202
    activity = company.good.activity("Follow", actor, f"{BASE}/ap/g/practices")
    return actor, company.home.message(activity, inbox)


def styled(peer: Peer, message: Message, actor: PeerActor, covered: str, algorithm: str = "rsa-sha256") -> Message:
    style = Style(post=covered, algorithm=algorithm)
    return cavage.signed(message, actor.rsa, key_id=actor.key_id, when=peer.network.now(), style=style)


WRONG: dict[str, tuple[Change, int]] = {
    "no signature": (with_header("signature", None), 401),
    "a signature that is none": (with_header("signature", "cGxlYXNl"), 400),
    "another body": (other_body, 401),
    "no digest": (with_header("digest", None), 401),
    "a digest of another kind": (with_header("digest", "MD5=XrY7u+Ae7tCTyyK3j1rNww=="), 401),
    "a digest without padding": (with_header("digest", "SHA-256=abc"), 401),
    "another date": (with_header("date", "Sun, 01 Mar 2026 11:59:00 GMT"), 401),
}


@pytest.mark.parametrize("inbox", INBOXES)
async def test_what_is_not_signed_over_all_of_itself_is_refused_and_leaves_nothing(
    company: Company, inbox: str
) -> None:
    """T-01, T-05: a digest that is there must fit the bytes."""
    actor, message = await like(company, inbox)
    signed = company.good.sign(message, actor=actor)

    answers = {}
    for name, (change, _status) in WRONG.items():
        answers[name] = (await company.good.send(change(signed))).status

    assert answers == {name: status for name, (_change, status) in WRONG.items()}
    assert await ReceivedActivity.all().count() == 1
    assert (await company.good.send(signed)).status == 202
    assert await ReceivedActivity.all().count() == 2


@pytest.mark.parametrize("inbox", INBOXES)
async def test_each_part_of_a_post_has_to_be_covered(company: Company, inbox: str) -> None:
    """T-02."""
    actor, message = await like(company, inbox)
    whole = ("(request-target)", "host", "date", "digest")

    statuses = []
    for left_out in whole:
        covered = " ".join(part for part in whole if part != left_out)
        statuses.append((await company.good.send(styled(company.good, message, actor, covered))).status)

    assert statuses == [401] * 4
    assert await ReceivedActivity.all().count() == 1
    assert (await company.good.send(styled(company.good, message, actor, " ".join(whole)))).status == 202


@pytest.mark.parametrize("inbox", INBOXES)
async def test_the_newer_scheme_has_to_cover_as_much(company: Company, inbox: str) -> None:
    """T-02: the same for RFC 9421."""
    actor, message = await like(company, inbox)
    signed = company.good.sign(message, actor=actor, scheme=RFC9421)

    changed = replace(signed, body=signed.body.replace(b"Follow", b"Fallow"))
    fewer = signed.headers["signature-input"].replace('"content-digest"', '"host"')
    statuses = [
        (await company.good.send(changed)).status,
        (await company.good.send(with_header("content-digest", None)(signed))).status,
        (await company.good.send(with_header("signature-input", fewer)(signed))).status,
    ]

    assert statuses == [401, 401, 401]
    assert await ReceivedActivity.all().count() == 1
    assert (await company.good.send(signed)).status == 202


@pytest.mark.parametrize("inbox", INBOXES)
async def test_the_kind_of_the_key_decides_not_the_named_algorithm(company: Company, inbox: str) -> None:
    """T-04: no HMAC with the public key as its secret, no "none"."""
    actor, message = await like(company, inbox)
    names = "(request-target) host date digest"
    honest = styled(company.good, message, actor, names)
    base = "\n".join(
        f"{name}: {f'post {inbox}' if name == '(request-target)' else honest.headers[name]}" for name in names.split()
    )
    mac = base64.b64encode(hmac.digest(pem_of(actor.rsa).encode(), base.encode(), hashlib.sha256)).decode()

    statuses = []
    for algorithm, value in (("hmac-sha256", mac), ("none", ""), ("rsa-sha256", mac)):
        parts = f'keyId="{actor.key_id}",algorithm="{algorithm}",headers="{names}",signature="{value}"'
        statuses.append((await company.good.send(with_header("signature", parts)(honest))).status)

    assert all(status in (400, 401) for status in statuses), statuses
    assert await ReceivedActivity.all().count() == 1


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_parameter_named_twice_is_refused(company: Company, inbox: str) -> None:
    """T-06, V-M39."""
    actor, message = await like(company, inbox)
    signed = company.good.sign(message, actor=actor)

    doubled = signed.headers["signature"] + f',keyId="{company.evil.base}/users/eve#main-key"'

    assert (await company.good.send(with_header("signature", doubled)(signed))).status == 400
    assert await ReceivedActivity.all().count() == 1


@pytest.mark.parametrize("name", ["date", "host", "digest", "signature"])
async def test_a_signed_header_that_comes_twice_is_refused(company: Company, name: str) -> None:
    """T-06."""
    actor, message = await like(company, INBOXES[0])
    signed = company.good.sign(message, actor=actor)
    port = company.home.network.static_hosts["home.test"][1]

    answer = await raw_post(port, signed, twice=name)

    assert answer in (400, 401)
    assert await ReceivedActivity.all().count() == 1


async def raw_post(port: int, message: Message, *, twice: str) -> int:
    """Send bytes with one header doubled; return the status."""
    lines = [f"POST {message.target} HTTP/1.1"]
    for name, value in ({"host": message.authority} | dict(message.headers)).items():
        lines += [f"{name}: {value}"] * (2 if name == twice else 1)
    lines += [f"content-length: {len(message.body)}", "connection: close", "", ""]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write("\r\n".join(lines).encode() + message.body)
    answered = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return int(answered.split(b" ", 2)[1])


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_signature_counts_for_an_hour_either_way(company: Company, inbox: str) -> None:
    """T-13: by the date alone, 65 minutes back and 60 ahead."""
    actor, message = await like(company, inbox)

    async def status(minutes: int) -> int:
        when = company.home.now + timedelta(minutes=minutes)
        style = company.good.flavour.style
        signed = cavage.signed(message, actor.rsa, key_id=actor.key_id, when=when, style=style)
        return (await company.good.send(signed)).status

    assert [await status(minutes) for minutes in (-66, 61, -24 * 60)] == [401, 401, 401]
    assert [await status(minutes) for minutes in (-64, 59)] == [202, 202]


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_signature_for_another_host_or_path_is_worth_nothing_here(company: Company, inbox: str) -> None:
    """V-S02."""
    actor, message = await like(company, inbox)
    elsewhere = replace(message, url=f"http://other.test{inbox}")
    signed = company.good.sign(elsewhere, actor=actor)
    moved = replace(signed, url=message.url, headers=dict(signed.headers) | {"host": "home.test"})
    kept = replace(signed, url=message.url)
    beside = replace(company.good.sign(message, actor=actor), url=f"{BASE}/ap/g/network/inbox")

    statuses = [(await company.good.send(each)).status for each in (moved, kept, beside)]

    assert statuses == [401, 400, 401]
    assert await ReceivedActivity.all().count() == 1


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_refusal_says_how_to_sign(company: Company, inbox: str) -> None:
    """RFC 9421 §5.1."""
    _actor, message = await like(company, inbox)

    answer = await company.good.send(message)

    assert answer.status == 401
    assert answer.headers["accept-signature"].startswith('sig1=("@method" "@target-uri" "@authority" "content-digest")')


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_stranger_cannot_sign_with_a_weak_key(company: Company, inbox: str) -> None:
    """T-04: RSA of at least 2048 bits."""
    weak = generate_private_key(public_exponent=65537, key_size=1024)
    actor = company.evil.actor("eve")
    actor.extra["publicKey"] = actor.key_document() | {"publicKeyPem": pem_of(weak)}
    activity = company.evil.activity("Follow", actor, f"{BASE}/ap/g/practices")
    message = company.home.message(activity, inbox)
    style = company.evil.flavour.style
    signed = cavage.signed(message, weak, key_id=actor.key_id, when=company.home.now, style=style)

    assert (await company.evil.send(signed)).status == 401
    assert await ReceivedActivity.all().count() == 0
    assert rsa_key(actor.uri).key_size == 2048
    assert json.loads(signed.body)["actor"] == actor.uri
