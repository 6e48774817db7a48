"""WebFinger both ways: our documents, queries about us, documents of others (T-36, V-K03)."""

from collections.abc import Mapping

import orjson
import pytest
from lxml import etree

from federation.errors import Malformed, NotFound, Refused
from federation.names import Handle, canonical_uri, parse_handle
from federation.webfinger import (
    Account,
    AccountQuery,
    ForeignAccount,
    Query,
    ServiceQuery,
    UriQuery,
    account_document,
    fill_template,
    host_meta,
    lookup_url,
    parse_account,
    parse_resource,
    require_round_trip,
    service_document,
)

BASE = "https://node.example"
HERE = canonical_uri(BASE)
ACTOR = "https://mastodon.test/users/ada"
AP = "application/activity+json"
SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
ADA = Handle("ada", "mastodon.test")


def jrd(**changes: object) -> bytes:
    document: dict[str, object] = {
        "subject": "acct:ada@mastodon.test",
        "links": [{"rel": "self", "type": AP, "href": ACTOR}],
    }
    return orjson.dumps(document | changes)


def links(*added: Mapping[str, object]) -> bytes:
    return jrd(links=[{"rel": "self", "type": AP, "href": ACTOR}, *added])


@pytest.mark.parametrize(
    "raw",
    [
        b"<XRD/>",
        b"[]",
        jrd(links=None),
        jrd(links=[]),
        jrd(links=[{"rel": "self", "type": "text/html", "href": ACTOR}]),
        jrd(links=[{"rel": "self", "type": "application/activity+json; charset=utf-8", "href": ACTOR}]),
        jrd(links=[{"rel": "self", "type": "application/ld+json", "href": ACTOR}]),
        jrd(links=[{"rel": "self", "href": ACTOR}]),
        jrd(links=[{"rel": "self", "type": AP, "href": ["x"]}]),
        jrd(links=[{"rel": "self", "type": AP, "href": "http://mastodon.test/users/ada"}]),
        jrd(links=[{"rel": "self", "type": AP, "href": "https://127.0.0.1/users/ada"}]),
        links({"rel": "self", "type": AP, "href": "https://evil.test/users/ada"}),
        jrd(subject=None),
        jrd(subject="https://mastodon.test/@ada"),
        jrd(subject="acct:ada@localhost"),
    ],
)
def test_a_document_without_one_clear_actor_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse_account(raw)


def test_a_self_link_behind_many_others_is_not_looked_for() -> None:
    noise = [{"rel": "me", "href": f"https://mastodon.test/{number}"} for number in range(64)]
    with pytest.raises(Malformed):
        parse_account(jrd(links=[*noise, {"rel": "self", "type": AP, "href": ACTOR}]))


def test_a_plain_document_gives_handle_and_actor() -> None:
    assert parse_account(jrd()) == ForeignAccount(ADA, canonical_uri(ACTOR))


def test_templates_for_follow_and_reply_are_read() -> None:
    found = parse_account(
        links(
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": "https://mastodon.test/@ada"},
            {"rel": SUBSCRIBE, "template": "https://mastodon.test/authorize_interaction?uri={uri}"},
            {"rel": "https://w3id.org/fep/3b86/Create", "template": "https://mastodon.test/share?text={content}"},
            {
                "rel": "https://w3id.org/fep/3b86/Like",
                "template": "https://mastodon.test/like?id={object}&then={on-success}",
            },
        )
    )

    assert found == ForeignAccount(
        ADA,
        canonical_uri(ACTOR),
        "https://mastodon.test/@ada",
        "https://mastodon.test/authorize_interaction?uri={uri}",
        {
            "Create": "https://mastodon.test/share?text={content}",
            "Like": "https://mastodon.test/like?id={object}&then={on-success}",
        },
    )


@pytest.mark.parametrize(
    "template",
    [
        "javascript:alert('{uri}')",
        "https://{uri}/",
        "https://mastodon.test{uri}",
        "https://mastodon.test/no-parameter",
        "https://mastodon.test/?uri={uri}{",
        "http://mastodon.test/?uri={uri}",
        "//mastodon.test/?uri={uri}",
        "https://mastodon.test/?uri={uri}" + "x" * 1100,
        5,
    ],
)
def test_a_template_that_could_mislead_is_left_out(template: object) -> None:
    assert parse_account(links({"rel": SUBSCRIBE, "template": template})).subscribe_template is None


def test_a_template_is_filled_with_encoded_values_and_the_rest_left_empty() -> None:
    template = "https://mastodon.test/like?id={object}&then={on-success}"

    filled = fill_template(template, object="https://node.example/ap/n/1?a&b")

    assert filled == "https://mastodon.test/like?id=https%3A%2F%2Fnode.example%2Fap%2Fn%2F1%3Fa%26b&then="


def test_another_subject_than_the_asked_one_is_refused() -> None:
    with pytest.raises(Refused):
        require_round_trip(ForeignAccount(ADA, canonical_uri(ACTOR)), asked=Handle("eve", "mastodon.test"))


def test_a_subject_that_differs_only_in_case_is_the_same() -> None:
    account = ForeignAccount(Handle("Ada", "mastodon.test"), canonical_uri(ACTOR))

    assert require_round_trip(account, asked=ADA) is account


@pytest.mark.parametrize(
    "text",
    [
        "acct:ada@mastodon.test:8443",
        "acct:ada@mastodon.test/x",
        "acct:a da@mastodon.test",
        "acct:ádà@mastodon.test",
        "acct:" + "a" * 1000 + "@mastodon.test",
        "http://127.0.0.1",
        "acct:ada@127.0.0.1",
    ],
)
def test_a_handle_that_is_none_leads_to_no_request(text: str) -> None:
    """T-36: there is no URL to ask before the handle is canonical."""
    with pytest.raises(Malformed):
        lookup_url(parse_handle(text))


def test_a_handle_is_asked_for_at_its_own_host() -> None:
    assert lookup_url(ADA) == "https://mastodon.test/.well-known/webfinger?resource=acct:ada@mastodon.test"


@pytest.mark.parametrize(
    "resource", [None, "", "acct:", "anna", "acct:@node.example", "acct:an na@node.example", "x://y"]
)
def test_a_query_that_says_nothing_is_malformed(resource: str | None) -> None:
    with pytest.raises(Malformed):
        parse_resource(resource, public_url=HERE, account_host="node.example")


@pytest.mark.parametrize(
    "resource", ["acct:anna@other.example", "https://other.example/@anna", "acct:anna@www.node.example"]
)
def test_a_query_about_another_host_finds_nothing(resource: str) -> None:
    with pytest.raises(NotFound):
        parse_resource(resource, public_url=HERE, account_host="node.example")


@pytest.mark.parametrize(
    ("resource", "query"),
    [
        ("acct:anna@node.example", AccountQuery("anna")),
        ("anna@node.example", AccountQuery("anna")),
        ("@anna@node.example", AccountQuery("anna")),
        ("acct:ANNA@Node.Example", AccountQuery("anna")),
        ("ACCT:anna@node.example", AccountQuery("anna")),
        ("https://node.example/ap/u/anna", UriQuery("https://node.example/ap/u/anna")),
        ("https://NODE.example/@anna#x", UriQuery("https://node.example/@anna")),
        ("https://node.example/", ServiceQuery()),
        ("https://node.example", ServiceQuery()),
        ("https://node.example/actor", ServiceQuery()),
        ("acct:node.example@node.example", ServiceQuery()),
    ],
)
def test_every_form_of_a_query_about_us_is_understood(resource: str, query: Query) -> None:
    assert parse_resource(resource, public_url=HERE, account_host="node.example") == query


@pytest.mark.parametrize("host", ["town.example", "node.example"])
def test_with_a_split_domain_both_hosts_answer(host: str) -> None:
    query = parse_resource(f"acct:anna@{host}", public_url=HERE, account_host="town.example")

    assert query == AccountQuery("anna")


def test_our_account_document_has_everything_that_peers_look_for() -> None:
    account = Account(
        "anna", "node.example", f"{BASE}/ap/u/anna", f"{BASE}/@anna", BASE, ("image/png", f"{BASE}/media/a.png")
    )

    assert account_document(account) == {
        "subject": "acct:anna@node.example",
        "aliases": ["https://node.example/@anna", "https://node.example/ap/u/anna"],
        "links": [
            {"rel": "self", "type": "application/activity+json", "href": "https://node.example/ap/u/anna"},
            {
                "rel": "http://webfinger.net/rel/profile-page",
                "type": "text/html",
                "href": "https://node.example/@anna",
            },
            {"rel": SUBSCRIBE, "template": "https://node.example/authorize_interaction?uri={uri}"},
            {"rel": "https://w3id.org/fep/3b86/Create", "template": "https://node.example/share?text={content}"},
            {
                "rel": "https://w3id.org/fep/3b86/Object",
                "template": "https://node.example/authorize_interaction?uri={object}",
            },
            {
                "rel": "https://w3id.org/fep/3b86/Follow",
                "template": "https://node.example/authorize_interaction?uri={object}",
            },
            {
                "rel": "https://w3id.org/fep/3b86/Join",
                "template": "https://node.example/authorize_interaction?uri={object}",
            },
            {"rel": "http://webfinger.net/rel/avatar", "type": "image/png", "href": "https://node.example/media/a.png"},
        ],
    }


def test_what_we_write_we_can_read() -> None:
    account = Account("anna", "node.example", f"{BASE}/ap/u/anna", f"{BASE}/@anna", BASE)

    found = parse_account(orjson.dumps(account_document(account)))

    assert found.handle == Handle("anna", "node.example")
    assert found.subscribe_template == "https://node.example/authorize_interaction?uri={uri}"


def test_the_node_itself_is_found_as_a_service() -> None:
    document = service_document(public_url=BASE, host="node.example", actor_uri=f"{BASE}/actor")

    assert document == {
        "subject": "acct:node.example@node.example",
        "aliases": ["https://node.example/", "https://node.example/actor"],
        "links": [
            {"rel": "self", "type": "application/activity+json", "href": "https://node.example/actor"},
            {
                "rel": "https://www.w3.org/ns/activitystreams#Service",
                "type": "application/activity+json",
                "href": "https://node.example/actor",
            },
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": "https://node.example/"},
        ],
    }


def test_host_meta_points_to_webfinger() -> None:
    root = etree.fromstring(host_meta(BASE).encode())

    assert [dict(link.attrib) for link in root] == [
        {
            "rel": "lrdd",
            "type": "application/jrd+json",
            "template": "https://node.example/.well-known/webfinger?resource={uri}",
        }
    ]
