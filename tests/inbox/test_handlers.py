"""What each kind of activity does to the community, and what it does not. V-M26, T-20, V-Z04."""

import pytest

from node.community import follows, posts
from node.models import (
    Actor,
    ActorState,
    Boost,
    Event,
    Follow,
    FollowState,
    Job,
    Notification,
    Post,
    Practice,
    SearchEntry,
)
from tests.inbox.test_door_identity import introduce, our_post
from tests.inbox.test_door_keys import documents
from tests.peers.actors import Json, PeerActor
from tests.peers.peer import Peer
from tests.standing import BASE, INBOXES, Company


async def told(company: Company, peer: Peer, activity: Json, actor: PeerActor, inbox: str = INBOXES[0]) -> str:
    """Deliver an activity and work on it; return what became of it."""
    assert (await company.home.post(peer, activity, actor, inbox)).status == 202
    await company.home.work()
    _uri, state, reason = (await company.home.rows())[-1]
    return f"{state}: {reason}" if reason else state


async def befriended(company: Company) -> PeerActor:
    """Let Amina follow Rosa of good.test; return Rosa."""
    rosa = await introduce(company, company.good, "rosa")
    row = await Actor.get(uri=rosa.uri)
    follow = await follows.ask(company.home.amina.actor, row, now=company.home.now)
    accept = company.good.activity("Accept", rosa, follow.activity_uri)
    assert await told(company, company.good, accept, rosa) == "done"
    return rosa


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_follow_of_somebody_who_decides_alone_waits(company: Company, inbox: str) -> None:
    """V-K14: no Accept before somebody says yes."""
    home = company.home
    await Actor.filter(id=home.amina.actor_id).update(manually_approves=True)
    rosa = company.good.actor("rosa")
    assert (
        await told(company, company.good, company.good.activity("Follow", rosa, home.amina.actor.uri), rosa) == "done"
    )
    assert (await Follow.get()).state is FollowState.PENDING
    assert company.good.received == []

    await follows.accept((await Follow.get()).id, by=home.amina, now=home.now)
    await home.work()
    assert len(company.good.of_type("Accept")) == 1


async def test_a_repeated_follow_under_a_new_id_is_answered_anew(company: Company) -> None:
    """The other side lost our answer."""
    rosa = company.good.actor("rosa")
    first, second = [company.good.activity("Follow", rosa, f"{BASE}/ap/g/practices") for _ in range(2)]
    for follow in (first, second):
        await told(company, company.good, follow, rosa)

    accepts = await company.good.expect(2, kind="Accept")
    assert [entry.activity["object"]["id"] for entry in accepts] == [first["id"], second["id"]]
    assert await Follow.all().count() == 1


@pytest.mark.parametrize(("kind", "answer"), [("Person", "Reject"), ("Application", "Accept"), ("Group", "Accept")])
async def test_the_node_itself_is_followed_by_machines_alone(company: Company, kind: str, answer: str) -> None:
    follower = company.good.actor("follower", kind)

    await told(company, company.good, company.good.activity("Follow", follower, f"{BASE}/actor"), follower)

    (entry,) = await company.good.expect(1)
    assert entry.activity["type"] == answer


async def test_a_stranger_s_word_to_nobody_here_is_not_kept(company: Company) -> None:
    """V-O06."""
    rosa = await introduce(company, company.good, "rosa")

    outcome = await told(company, company.good, _create(company, rosa, company.good.note(rosa, "<p>Hi</p>")), rosa)

    assert outcome == "ignored: it neither answers nor names us, and nobody here follows its author"


def _create(company: Company, actor: PeerActor, note: Json) -> Json:
    return company.good.activity("Create", actor, note)


async def test_an_answer_stands_in_the_thread_and_its_author_is_told(company: Company) -> None:
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")
    note = company.good.note(rosa, "<p>Yes <script>alert(1)</script></p>", inReplyTo=post.uri)

    assert await told(company, company.good, _create(company, rosa, note), rosa) == "done"

    answer = await Post.get(uri=note["id"])
    assert (answer.thread_uri, answer.visibility) == (post.uri, "public")
    assert "script" not in answer.content_html
    assert await Notification.filter(kind="reply").count() == 1
    assert await SearchEntry.filter(object_uri=answer.uri).count() == 0, "its author is not indexable"


async def test_a_direct_answer_is_no_public_one(company: Company) -> None:
    """V-Z04."""
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")
    direct = company.good.note(
        rosa, "<p>Between us</p>", inReplyTo=post.uri, to=[company.home.amina.actor.uri], cc=[rosa.uri]
    ) | {"tag": [{"type": "Mention", "href": company.home.amina.actor.uri}]}

    assert await told(company, company.good, _create(company, rosa, direct), rosa) == "done"

    assert (await Post.get(uri=direct["id"])).visibility == "direct"
    page = await company.home.get(f"/posts/{post.public_id}", accept="text/html")
    assert "Between us" not in page.body.decode()


async def test_a_newer_version_replaces_an_older_one_but_never_the_other_way_round(company: Company) -> None:
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")
    note = company.good.note(rosa, "<p>One</p>", inReplyTo=post.uri)
    await told(company, company.good, _create(company, rosa, note), rosa)
    company.home.clock.advance(3600)

    async def update(text: str, updated: str) -> str:
        changed = note | {"content": text, "updated": updated}
        return await told(company, company.good, company.good.activity("Update", rosa, changed), rosa)

    assert await update("<p>Three</p>", "2026-03-01T12:30:00Z") == "done"
    assert (await update("<p>Two</p>", "2026-03-01T12:20:00Z")).startswith("ignored")
    assert (await update("<p>Never</p>", "2099-01-01T00:00:00Z")) == "done", "a date ahead counts as now"
    assert (await Post.get(uri=note["id"])).content_html == "<p>Never</p>"
    assert await update("<p>Four</p>", "2026-03-01T12:40:00Z") != "done"


async def test_what_is_only_named_is_read_where_it_lives(company: Company) -> None:
    """A Create with a bare id, as some send it: one GET, and the same rules."""
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")
    note = company.good.note(rosa, "<p>Short</p>", inReplyTo=post.uri)

    assert await told(company, company.good, company.good.activity("Create", rosa, note["id"]), rosa) == "done"

    assert await Post.exists(uri=note["id"])


async def test_a_claimed_author_on_another_server_is_not_believed(company: Company) -> None:
    """V-S06: neither in what is brought, nor in what is read, nor in what is read above an answer."""
    post = await our_post(company)
    eve = await introduce(company, company.evil, "eve")
    rosa = await introduce(company, company.good, "rosa")
    forged: Json = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{company.evil.base}/forged",
        "type": "Note",
        "attributedTo": rosa.uri,
        "content": "<p>I never said that</p>",
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "inReplyTo": post.uri,
    }
    company.evil.publish(forged)
    for about in (forged, forged["id"]):
        said = company.evil.activity("Create", eve, about)
        assert (await company.home.post(company.evil, said, eve)).status == 202
    below = company.evil.note(eve, "<p>Look above</p>", inReplyTo=forged["id"], cc=[company.home.amina.actor.uri])
    mention = {"tag": [{"type": "Mention", "href": company.home.amina.actor.uri}]}
    await company.home.post(company.evil, company.evil.activity("Create", eve, below | mention), eve)
    await company.home.work()

    assert await Post.exists(uri=below["id"])
    assert not await Post.exists(uri=forged["id"])
    assert await Job.filter(kind="fetch", key__contains="forged", state="dead").count() == 1


async def test_an_announce_of_ours_counts_and_one_of_others_needs_somebody_who_follows(company: Company) -> None:
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")
    otto = company.third.actor("otto")
    other = company.third.note(otto, "<p>Elsewhere</p>")

    assert await told(company, company.good, company.good.activity("Announce", rosa, post.uri), rosa) == "done"
    assert await Boost.all().count() == 1
    outcome = await told(company, company.good, company.good.activity("Announce", rosa, other["id"]), rosa)
    assert outcome == "ignored: we do not hold what is passed on, or it was passed on before"
    assert company.third.requests == []


async def test_what_a_friend_passes_on_is_read_from_its_own_server_as_its_policy_allows(company: Company) -> None:
    """T-80, V-F16: the copy that travels with the Announce is not looked at."""
    rosa = await befriended(company)
    otto = company.third.actor("otto")
    kept, refused = [company.third.note(otto, f"<p>{number}</p>") for number in range(2)]

    embedded = company.good.activity("Announce", rosa, kept | {"content": "<p>A lie</p>"})
    assert await told(company, company.good, embedded, rosa) == "done"
    found = await Post.get(uri=kept["id"]).select_related("author")
    assert (found.author.uri, found.content_html) == (otto.uri, "<p>0</p>")

    await company.home.decide("T0", "third.test")
    outcome = await told(company, company.good, company.good.activity("Announce", rosa, refused["id"]), rosa)
    assert outcome == "ignored: Refused: policy does not admit third.test"


async def test_nothing_of_a_suspended_actor_comes_in_by_any_way(company: Company) -> None:
    """V-M26: not by Update, not by somebody else's Announce."""
    rosa = await befriended(company)
    otto = await introduce(company, company.third, "otto")
    await Actor.filter(uri=otto.uri).update(state=ActorState.SUSPENDED)
    post = await our_post(company)
    note = company.third.note(otto, "<p>Still here</p>", inReplyTo=post.uri)

    for verb in ("Create", "Update"):
        outcome = await told(company, company.third, company.third.activity(verb, otto, note), otto)
        assert outcome.startswith("ignored: its author is")
    await told(company, company.good, company.good.activity("Announce", rosa, note["id"]), rosa)

    assert not await Post.exists(uri=note["id"])


async def test_an_unknown_parent_is_looked_up_on_the_way_up_but_not_for_ever(company: Company) -> None:
    """T-35: an endless chain stops after ten."""
    rosa = await befriended(company)
    for number in range(30):
        company.good.publish(
            company.good.note(rosa, f"<p>{number}</p>", inReplyTo=f"{company.good.base}/chain/{number + 1}")
            | {"id": f"{company.good.base}/chain/{number}"}
        )
    start = company.good.documents["/chain/0"]

    await told(company, company.good, _create(company, rosa, start), rosa)

    read = [path for method, path in company.good.requests if path.startswith("/chain/")]
    assert len(read) <= 10
    assert await Post.filter(uri__contains="/chain/").count() == 1 + len(read)


async def test_a_foreign_event_and_record_enter_as_their_server_s_grant_says(company: Company) -> None:
    """Held from a guest, admitted from a partner."""
    rosa = await befriended(company)
    public = {"to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": [], "attributedTo": rosa.uri}
    event = public | {
        "id": f"{company.good.base}/e/1", "type": "Event", "name": "Hearing", "content": "<p>Come</p>",
        "startTime": "2026-05-01T10:00:00Z", "endTime": "2026-05-01T11:00:00Z",
        "actor": rosa.uri, "published": "2026-03-01T11:00:00Z",
    }  # fmt: skip
    assert await told(company, company.good, company.good.activity("Create", rosa, event), rosa) == "done"
    assert await Event.filter(uri=event["id"]).count() == 1
    assert await Practice.all().count() == 0

    tombstone = {"id": event["id"], "type": "Tombstone"}
    assert await told(company, company.good, company.good.activity("Delete", rosa, tombstone), rosa) == "done"
    assert await Event.all().count() == 0


async def test_a_profile_changes_by_its_own_word(company: Company) -> None:
    rosa = await introduce(company, company.good, "rosa")
    document = rosa.document() | {"name": "Rosa L", "summary": "<p>Clerk<script>x</script></p>"}

    assert await told(company, company.good, company.good.activity("Update", rosa, document), rosa) == "done"

    known = await Actor.get(uri=rosa.uri)
    assert (known.display_name, known.bio_html) == ("Rosa L", "<p>Clerk</p>")


async def test_a_profile_that_is_only_named_is_read_anew(company: Company) -> None:
    """Some send Update with the bare id of the actor."""
    rosa = await introduce(company, company.good, "rosa")
    company.good.handlers["/users/rosa"] = documents(rosa.document() | {"name": "Rosa M"})

    await told(company, company.good, company.good.activity("Update", rosa, rosa.uri), rosa)

    assert (await Actor.get(uri=rosa.uri)).display_name == "Rosa M"


async def test_our_own_post_s_thread_keeps_what_was_answered_after_it_is_gone(company: Company) -> None:
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")
    await posts.withdraw(post.uri, by=company.home.amina, now=company.home.now)
    note = company.good.note(rosa, "<p>Too late</p>", inReplyTo=post.uri)

    outcome = await told(company, company.good, _create(company, rosa, note), rosa)

    assert outcome.startswith("ignored")
