"""What other servers GET: documents, tombstones, collections, and for whom. V-M23, V-M28, T-87, interop 1.7."""

import pytest

from node.community import posts
from node.community.posts import PostDraft
from node.models import Mode, Post, Visibility
from tests.inbox.test_door_identity import introduce, our_post
from tests.inbox.test_door_keys import always
from tests.outbox.foreigners import following, foreigner
from tests.peers.peer import Peer
from tests.peers.values import Reply
from tests.standing import BASE, Company, company, founded

__all__ = ["company", "founded"]

TYPE = "application/activity+json; charset=utf-8"
REDUCED = {
    "@context",
    "id",
    "type",
    "preferredUsername",
    "name",
    "inbox",
    "outbox",
    "publicKey",
    "assertionMethod",
    "endpoints",
    "url",
    "manuallyApprovesFollowers",
}


async def post_of(company: Company, visibility: Visibility) -> Post:
    draft = PostDraft(text=f"For {visibility}", language="en", visibility=visibility)
    return await posts.publish(draft, author=company.home.amina.actor, now=company.home.now)


def path_of(uri: str) -> str:
    return uri.removeprefix(BASE)


def seen(answer: Reply) -> tuple[int, bytes, dict[str, str]]:
    """Return what a reader can tell two answers apart by."""
    return answer.status, answer.body, {name: text for name, text in answer.headers.items() if name != "date"}


async def signed(company: Company, peer: Peer, path: str) -> Reply:
    return await peer.fetch(BASE + path, actor=peer.instance)


async def known_reader(company: Company, peer: Peer) -> None:
    """Let the node know the actor that signs a peer's GETs."""
    activity = peer.activity("Like", peer.instance, BASE)
    assert (await company.home.post(peer, activity, peer.instance)).status == 202
    await company.home.work()


@pytest.mark.parametrize("path", ["/actor", "/ap/u/amina", "/ap/g/practices"])
async def test_an_actor_says_who_it_is_and_may_be_kept_for_minutes(company: Company, path: str) -> None:
    answer = await company.home.get(path)

    document = answer.json()
    assert (answer.status, answer.headers["content-type"]) == (200, TYPE)
    assert answer.headers["vary"] == "Accept, Signature, Signature-Input"
    assert answer.headers["cache-control"] == "public, max-age=180"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert document["id"] == BASE + path
    assert set(document["publicKey"]) == {"id", "owner", "publicKeyPem"}  # type: ignore[call-overload]
    key = (await company.home.get(f"{path}/main-key")).json()
    assert (key["id"], key["publicKey"]) == (document["id"], document["publicKey"])


async def test_nobody_is_not_there_and_whoever_left_is_gone(company: Company) -> None:
    """V-M23: of another kind is absent, too."""
    absent = await company.home.get("/ap/u/nobody")
    assert absent.status == 404
    assert seen(await company.home.get("/ap/u/practices")) == seen(absent)
    assert seen(await company.home.get("/ap/g/amina")) == seen(absent)
    await company.home.amina.actor.filter(id=company.home.amina.actor_id).update(state="gone")
    assert (await company.home.get("/ap/u/amina")).status == 410


async def test_a_browser_is_shown_the_page_and_nobody_keeps_that(company: Company) -> None:
    """Settled 16."""
    post = await our_post(company)
    for path in ("/ap/u/amina", path_of(post.uri)):
        answer = await company.home.get(path, accept="text/html,application/xhtml+xml,*/*;q=0.8")
        assert (answer.status, answer.headers["cache-control"]) == (302, "no-store")
        assert answer.headers["vary"].startswith("Accept")
        assert not answer.headers["location"].startswith(f"{BASE}/ap/")

    for accept in ("*/*", "application/json", 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'):
        assert (await company.home.get(path_of(post.uri), accept=accept)).status == 200


async def test_what_was_withdrawn_leaves_a_tombstone(company: Company) -> None:
    post = await our_post(company)
    await posts.withdraw(post.uri, by=company.home.amina, now=company.home.now)

    answer = await company.home.get(path_of(post.uri))

    assert answer.status == 410
    assert {name: answer.json()[name] for name in ("id", "type", "formerType")} == {
        "id": post.uri,
        "type": "Tombstone",
        "formerType": "Note",
    }
    assert "Who has tried" not in answer.body.decode()


@pytest.mark.parametrize("visibility", [Visibility.MEMBERS, Visibility.DRAFT, Visibility.NETWORK])
async def test_what_is_not_for_everybody_is_as_absent_as_what_never_was(
    company: Company, visibility: Visibility
) -> None:
    """V-M23, V-W02: object, collections, activity; and after it was withdrawn."""
    post = await post_of(company, visibility)
    await company.home.bridge()
    never = "a" * 26

    async def compare() -> None:
        for part in ("", "/replies", "/context", "/likes", "/shares"):
            hidden = await company.home.get(path_of(post.uri) + part)
            assert seen(hidden) == seen(await company.home.get(f"/ap/n/{never}{part}"))
            assert hidden.status == 404

    await compare()
    await posts.withdraw(post.uri, by=company.home.amina, now=company.home.now)
    await compare()
    outbox = (await company.home.get("/ap/u/amina/outbox")).json()
    assert outbox["totalItems"] == 0


async def test_what_is_for_the_network_is_for_partners_who_prove_it(company: Company) -> None:
    """Settled 19, V-K08: whoever asks next from a cache gets nothing of it."""
    post = await post_of(company, Visibility.NETWORK)
    path = path_of(post.uri)
    await company.home.decide("T4", "good.test")

    assert (await signed(company, company.good, path)).status == 404
    await company.home.work()
    answer = await signed(company, company.good, path)
    assert (answer.status, answer.json()["to"]) == (200, [f"{BASE}/ap/partners"])
    assert answer.headers["cache-control"] == "private, no-store"
    assert "proof" not in answer.json()
    assert (await company.home.get(path)).status == 404
    await known_reader(company, company.evil)
    assert (await signed(company, company.evil, path)).status == 404


async def test_a_partner_s_unknown_key_is_asked_for_once_in_five_minutes(company: Company) -> None:
    await company.home.decide("T4", "good.test")
    company.good.handlers["/users/instance"] = always(404)
    for _ in range(10):
        await signed(company, company.good, "/ap/u/amina")
        await company.home.work()

    assert [path for method, path in company.good.requests if method == "GET"] == ["/users/instance"]


async def test_a_host_that_may_not_read_is_refused_whatever_it_asks_for(company: Company) -> None:
    post = await our_post(company)
    await company.home.decide("T0", "evil.test")

    for path in (path_of(post.uri), "/ap/u/amina", "/ap/g/practices/outbox", "/ap/g/practices/featured"):
        assert (await signed(company, company.evil, path)).status == 403
        assert (await signed(company, company.good, path)).status == 200
        assert (await company.home.get(path)).status == 200


async def test_a_closed_node_shows_strangers_only_what_finds_and_proves_it(company: Company) -> None:
    """Settled 24, interop 1.5 and 1.7."""
    post = await our_post(company)
    await company.home.bridge()
    await company.home.turn(Mode.CLOSED)
    await company.home.decide("T3", "good.test")
    paths = (path_of(post.uri), f"{path_of(post.uri)}/replies", "/ap/u/amina/outbox", "/ap/g/practices/featured")

    for path in paths:
        unsigned = await company.home.get(path)
        assert unsigned.status == 401
        assert unsigned.headers["accept-signature"].startswith('sig1=("@method" "@target-uri" "@authority")')
        assert (await signed(company, company.evil, path)).status == 403
        assert (await signed(company, company.good, path)).status == 401
    await company.home.work()
    for path in paths:
        assert (await signed(company, company.good, path)).status == 200

    for path in ("/actor", "/ap/u/amina", "/ap/g/practices"):
        for answer in (await company.home.get(path), await signed(company, company.evil, path)):
            assert answer.status == 200
            assert set(answer.json()) <= REDUCED
        assert (await company.home.get(f"{path}/main-key")).status == 200
        assert "summary" in (await signed(company, company.good, path)).json()
    for path in ("/.well-known/webfinger?resource=acct:amina@home.test", "/.well-known/nodeinfo"):
        assert (await company.home.get(path)).status == 200


async def test_a_request_for_something_else_does_not_help_with_another_signature(company: Company) -> None:
    """A signature over another path or by another key is no proof."""
    await company.home.turn(Mode.CLOSED)
    await company.home.decide("T3", "good.test")
    await known_reader(company, company.good)
    post = await our_post(company)
    other = company.good.sign(
        type(company.home.message(b"{}"))("GET", f"{BASE}/ap/u/amina", {"accept": "*/*"}), actor=company.good.instance
    )

    moved = type(other)("GET", post.uri, other.headers)

    assert (await company.good.send(moved)).status == 401


async def test_collections_count_and_list_what_is_public(company: Company) -> None:
    home = company.home
    await following(await foreigner("fan", "good.test", now=home.now), home.amina.actor, now=home.now)
    texts = [f"Post number {number}" for number in range(25)]
    for text in texts:
        home.clock.advance(1)
        await our_post(company, text)
    await home.bridge()

    followers = (await home.get("/ap/u/amina/followers")).json()
    assert (followers["totalItems"], "first" in followers, "orderedItems" in followers) == (1, False, False)
    outbox = (await home.get("/ap/u/amina/outbox")).json()
    assert outbox["totalItems"] == 25
    contents: list[str] = []
    page = outbox["first"]
    while page:
        found = (await home.get(path_of(str(page)))).json()
        assert (found["type"], found["partOf"]) == ("OrderedCollectionPage", outbox["id"])
        contents += [item["object"]["content"] for item in found["orderedItems"]]  # type: ignore[attr-defined]
        page = found.get("next")
    assert contents == [f"<p>{text}</p>\n" for text in reversed(texts)]
    for bad in ("abc", "-1", "9" * 30, "%C2%B2", "1.5"):
        assert (await home.get(f"/ap/u/amina/outbox?page={bad}")).status == 404
    assert (await home.get("/ap/u/amina/likes")).status == 404


async def test_a_thread_lists_the_answers_of_everybody(company: Company) -> None:
    """FEP-7888, FEP-f228."""
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")
    note = company.good.note(rosa, "<p>Here</p>", inReplyTo=post.uri)
    hidden = company.good.note(
        rosa, "<p>Secret</p>", inReplyTo=post.uri, to=[company.home.amina.actor.uri], cc=[rosa.uri]
    )
    for each in (note, hidden):
        await company.home.post(company.good, company.good.activity("Create", rosa, each), rosa)
    await company.home.work()

    replies = (await company.home.get(f"{path_of(post.uri)}/replies")).json()
    first = (await company.home.get(path_of(str(replies["first"])))).json()
    assert (replies["totalItems"], first["orderedItems"]) == (1, [note["id"]])
    thread = (await company.home.get(f"{path_of(post.uri)}/context")).json()
    assert thread["totalItems"] == 2
