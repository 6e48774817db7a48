"""Times at the edge of the window, and signatures as other servers make them."""

from datetime import timedelta

import pytest

from federation.errors import ProtocolError, Unauthenticated
from federation.http import Request
from federation.keys import PublicKey
from federation.signatures import Scheme, claim, verify
from tests.federation.signatures.peer import (
    ACTOR,
    ED25519_PEM,
    HOSTS,
    NOW,
    cavage,
    changed,
    get,
    our_ed25519,
    our_rsa,
    plain_headers,
    post,
)

USUAL = "(request-target) host date digest content-type"


def proven(request: Request, *, key: PublicKey | None = None, after: timedelta = timedelta()) -> str:
    return verify(request, claim(request), key or our_rsa().public, now=NOW + after, hosts=HOSTS)


def refused(request: Request, **how: object) -> None:
    with pytest.raises(Unauthenticated):
        proven(request, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("minutes", "late"),
    [(65, timedelta(seconds=1)), (66, timedelta()), (-60, timedelta(seconds=-1)), (-61, timedelta())],
)
def test_a_date_outside_the_window_is_refused(minutes: int, late: timedelta) -> None:
    """T-13, 9.3: 65 minutes back, 60 minutes ahead."""
    refused(cavage(post(plain_headers()), USUAL), after=timedelta(minutes=minutes) + late)


@pytest.mark.parametrize("minutes", [65, 64, 0, -59, -60])
def test_a_date_inside_the_window_is_believed(minutes: int) -> None:
    """T-13."""
    assert proven(cavage(post(plain_headers()), USUAL), after=timedelta(minutes=minutes)) == ACTOR


@pytest.mark.parametrize(
    "date",
    [
        "wrong date",
        "Tue, 18 Aug 26 10:08:46 GMT",
        "Tuesday, 18-Aug-26 10:08:46 GMT",
        "Tue Aug 18 10:08:46 2026",
        "Tue, 18 Aug 2026 10:08:46",
        "Tue, 18 Aug 2026 10:08:46 +0000",
        "Tue, 31 Feb 2026 10:08:46 GMT",
        "Tue, 18 Aug 2026 25:08:46 GMT",
        "Tue, 18 \u0410ug 2026 10:08:46 GMT",
        "2026-08-18T10:08:46Z",
        "",
    ],
)
def test_a_date_that_is_none_is_refused(date: str) -> None:
    """T-13."""
    with pytest.raises(ProtocolError):
        proven(changed(cavage(post(plain_headers()), USUAL), "date", date))
    if date.isascii():
        refused(cavage(post({**plain_headers(), "date": date}), USUAL))


def dated(*, created: timedelta, expires: timedelta) -> Request:
    return cavage(
        post(plain_headers()),
        "(request-target) (created) (expires) host digest",
        algorithm='"hs2019"',
        created=str(int((NOW + created).timestamp())),
        expires=str(int((NOW + expires).timestamp())),
    )


@pytest.mark.parametrize(
    ("created", "expires"),
    [
        (timedelta(hours=-13, minutes=-1), timedelta(hours=1)),
        (timedelta(hours=-2), timedelta(hours=-1, minutes=-1)),
        (timedelta(minutes=61), timedelta(minutes=90)),
        (timedelta(minutes=5), timedelta(minutes=4)),
    ],
)
def test_a_signature_past_its_end_is_refused(created: timedelta, expires: timedelta) -> None:
    """T-13: at most 12 hours, one more for slow clocks; never made after its end."""
    refused(dated(created=created, expires=expires))


@pytest.mark.parametrize(
    ("created", "expires"),
    [
        (timedelta(hours=-11, minutes=-59), timedelta(hours=1)),
        (timedelta(hours=-2), timedelta(minutes=-59)),
        (timedelta(minutes=59), timedelta(minutes=90)),
    ],
)
def test_an_expiry_extends_the_window(created: timedelta, expires: timedelta) -> None:
    """T-13."""
    assert proven(dated(created=created, expires=expires)) == ACTOR


def test_an_expiry_that_is_not_signed_extends_nothing() -> None:
    later = str(int((NOW + timedelta(hours=10)).timestamp()))

    refused(cavage(post(plain_headers()), USUAL, expires=later), after=timedelta(hours=2))


@pytest.mark.parametrize(
    ("covered", "params"),
    [
        ("host date digest content-type (request-target)", {"algorithm": '"rsa-sha256"'}),  # Mastodon
        ("(request-target) host date digest", {"algorithm": '"hs2019"', "keyId": f'"{ACTOR}/main-key"'}),  # GoToSocial
        ("(request-target) content-length date digest host", {"algorithm": '"rsa-sha256"'}),  # Mobilizon, Akkoma
        ("(request-target) date host digest", {"algorithm": '"rsa-sha256"'}),  # Misskey
        (
            "(request-target) host date digest",
            {"algorithm": '"rsa-sha256"', "keyId": f'"{ACTOR}/#main-key"'},
        ),  # BookWyrm
        ("(request-target) host date digest", {"keyId": f'"{ACTOR}#key"'}),  # NodeBB; no algorithm
        ("(request-target) host date digest", {"keyId": f'"{ACTOR}"'}),  # Hubzilla: the actor itself
        ("(request-target) host date digest", {"keyId": f'"{ACTOR}/publickey"'}),
        (
            "host date digest (request-target) (created) (expires)",  # Discourse
            {
                "algorithm": '"hs2019"',
                "created": f'"{int(NOW.timestamp())}"',
                "expires": f'"{int(NOW.timestamp()) + 3600}"',
            },
        ),
        (
            "(request-target) (created) (expires) content-type digest host",  # Lemmy
            {
                "algorithm": '"hs2019"',
                "created": str(int(NOW.timestamp())),
                "expires": str(int(NOW.timestamp()) + 3600),
            },
        ),
    ],
)
def test_the_posts_of_other_servers_are_believed(covered: str, params: dict[str, str]) -> None:
    """V-O07."""
    signed = cavage(post(plain_headers()), covered, **params)
    found = claim(signed)

    assert found.scheme is Scheme.CAVAGE
    assert found.covered == tuple(covered.split())
    assert found.key_id == params.get("keyId", f'"{ACTOR}#main-key"').strip('"')
    assert proven(signed, key=our_rsa(found.key_id).public) == ACTOR


@pytest.mark.parametrize(
    "covered", ["(request-target) host date", "(request-target) date host accept", "host date (request-target)"]
)
def test_the_gets_of_other_servers_are_believed(covered: str) -> None:
    assert proven(cavage(get(plain_headers(b""), path="/ap/u/anna?x=1"), covered)) == ACTOR


def test_servers_that_forget_the_query_are_believed() -> None:
    """With the query, then without."""
    assert proven(cavage(post(plain_headers(), path="/inbox?a=1"), USUAL, target="/inbox")) == ACTOR


def test_a_host_may_be_written_with_its_default_port_or_in_capitals() -> None:
    for host in ("remote.example:443", "Remote.Example"):
        assert proven(cavage(post({**plain_headers(), "host": host}), USUAL)) == ACTOR


def test_blanks_and_capitals_in_the_signature_header_are_tolerated() -> None:
    signed = cavage(post(plain_headers()), USUAL)
    spaced = dict(signed.headers)["signature"].replace('",', '" , ').replace(USUAL, USUAL.title())

    assert proven(changed(signed, "signature", spaced)) == ACTOR


def test_unknown_parameters_are_ignored() -> None:
    assert proven(cavage(post(plain_headers()), USUAL, version='"2.1"')) == ACTOR


def test_an_ed25519_key_works_here_too() -> None:
    signed = cavage(post(plain_headers()), USUAL, pem=ED25519_PEM, algorithm='"hs2019"')

    assert proven(signed, key=our_ed25519(f"{ACTOR}#main-key").public) == ACTOR
