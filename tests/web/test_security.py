"""Safe places, other sites, tokens, tries: T-50, T-52, T-54, V-M16, V-M30."""

from datetime import timedelta
from ipaddress import ip_network

import pytest

from node.errors import TooMany
from tests.clock import START
from web.proxies import client_address
from web.secrecy import age_of_stamp, form_token, is_form_token, time_stamp, visitor_secret
from web.security import is_cross_site, safe_path
from web.throttle import AccountTries, Buckets, Throttle

HOME = "https://home.example"
MASK = bytes(range(16))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "evil",
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%2fevil.example",
        "/%2F%2Fevil.example",
        "/%5cevil.example",
        "/web//evil.example",
        "/\tevil",
        "/a\nb",
        "/a b",
        "/a%00b",
        "/a%0d%0aLocation:x",
        "javascript:alert(1)",
        "/a<b>",
        "/a#fragment",
        "/" + "a" * 2001,
        " /about",
        "/ａ",
    ],
)
def test_a_place_that_is_not_plainly_ours_becomes_the_first_page_t54(text: str) -> None:
    assert safe_path(text, public_url=HOME) == "/"


@pytest.mark.parametrize("text", ["/", "/about", "/@anna", "/practices?page=2&theme=water", "/search?q=%D9%85"])
def test_a_plain_path_is_kept(text: str) -> None:
    assert safe_path(text, public_url=HOME) == text


@pytest.mark.parametrize(
    ("origin", "site", "expected"),
    [
        ("https://evil.example", None, True),
        ("https://home.example.evil.example", None, True),
        ("http://home.example", None, True),
        ("null", None, True),
        (HOME, "cross-site", True),
        (HOME, "same-site", True),
        (None, "cross-site", True),
        ("null", "same-origin", False),
        (HOME, "same-origin", False),
        (HOME, None, False),
        (None, "none", False),
        (None, None, False),
    ],
)
def test_forms_of_other_sites_are_told_apart_t50(origin: str | None, site: str | None, *, expected: bool) -> None:
    assert is_cross_site(origin, site, public_url=HOME) is expected


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 500, "====", form_token("another", MASK)])
def test_a_made_up_token_does_not_fit(token: str) -> None:
    assert not is_form_token(token, "secret")


def test_a_token_fits_whoever_got_it_and_nobody_without_a_secret() -> None:
    token = form_token("secret", MASK)

    assert is_form_token(token, "secret")
    assert not is_form_token(form_token("", MASK), "")


def test_visitors_have_different_secrets() -> None:
    assert visitor_secret("key", "one") != visitor_secret("key", "two")


@pytest.mark.parametrize("stamp", ["", "1.x", "x.y", "99999999999999999999999", "1772366400." + "A" * 43])
def test_a_made_up_time_has_no_age(stamp: str) -> None:
    assert age_of_stamp(stamp, "key", START) is None


def test_a_stamp_tells_how_long_the_form_was_open() -> None:
    stamp = time_stamp("key", START)

    assert age_of_stamp(stamp, "key", START + timedelta(seconds=90)) == timedelta(seconds=90)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.1", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["evil"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, evil"], "10.0.0.1"),
        ("", ["198.51.100.1"], ""),
    ],
)
def test_only_our_proxies_are_believed_for_their_last_hop_vm16(peer: str, forwarded: list[str], expected: str) -> None:
    assert client_address(peer, forwarded, (ip_network("10.0.0.0/8"),)) == expected


def test_tries_beyond_the_limit_are_refused_until_the_first_is_old() -> None:
    throttle = Throttle(2, timedelta(minutes=10))
    throttle.hit("anna", now=START)
    throttle.hit("anna", now=START + timedelta(minutes=4))

    with pytest.raises(TooMany) as refused:
        throttle.hit("anna", now=START + timedelta(minutes=5))
    throttle.hit("anna", now=START + timedelta(minutes=11))

    assert refused.value.retry_after == 301


def test_a_success_starts_afresh() -> None:
    throttle = Throttle(1, timedelta(minutes=10))
    throttle.hit("anna", now=START)
    throttle.forget("anna")

    throttle.hit("anna", now=START)


def test_an_account_is_tried_so_often_from_one_address_and_from_all_together_t52() -> None:
    tries = AccountTries(Throttle(2, timedelta(minutes=15)), Throttle(4, timedelta(hours=1)))
    for address in ("a", "a", "b", "c"):
        tries.hit("anna", address, now=START)

    with pytest.raises(TooMany) as elsewhere:
        tries.hit("anna", "d", now=START)
    with pytest.raises(TooMany) as same:
        tries.hit("anna", "a", now=START)
    tries.hit("berta", "a", now=START)

    assert (elsewhere.value.retry_after, same.value.retry_after) == (3601, 901)


def test_refused_tries_of_one_address_do_not_use_up_the_tries_of_all_t52() -> None:
    tries = AccountTries(Throttle(1, timedelta(minutes=15)), Throttle(2, timedelta(hours=1)))
    tries.hit("anna", "a", now=START)
    for _ in range(5):
        with pytest.raises(TooMany):
            tries.hit("anna", "a", now=START)

    tries.hit("anna", "b", now=START)


def test_a_success_starts_afresh_for_this_address_only_t52() -> None:
    tries = AccountTries(Throttle(1, timedelta(minutes=15)), Throttle(9, timedelta(hours=1)))
    tries.hit("anna", "a", now=START)
    tries.hit("anna", "b", now=START)
    tries.forget("anna", "a")

    tries.hit("anna", "a", now=START)
    with pytest.raises(TooMany):
        tries.hit("anna", "b", now=START)


def test_an_empty_bucket_fills_again() -> None:
    buckets = Buckets(rate=2, burst=2)
    buckets.take("a", at=0)
    buckets.take("a", at=0)

    with pytest.raises(TooMany):
        buckets.take("a", at=0.4)
    buckets.take("b", at=0.4)
    buckets.take("a", at=0.6)
