"""Changing a profile; followers and requests."""

from dataclasses import replace

import pytest

from node.community import follows, journal, profiles
from node.community.facts import ProfileChanged
from node.community.follows import FollowRequest
from node.community.profiles import ProfileDraft
from node.errors import Invalid, NotAllowed
from node.models import Actor, JournalEntry, Media, Role, SearchEntry
from node.policy.grants import FollowGrant
from node.settings import Settings
from tests.node.community.people import CARLO, LATER, NOW, foreigner, home, member

DRAFT = ProfileDraft(
    display_name="Anna N.",
    bio="I count **votes**.",
    language="en",
    manually_approves=True,
    fields=(("Office", "https://county.example"), ("", "dropped")),
)


async def test_nobody_changes_the_profile_of_another(node_database: Settings) -> None:
    groups, anna, boris = await home(), await member(), await member("boris", "Boris", Role.STEWARD)
    berta = await foreigner()

    for actor, by in ((anna.actor, boris), (groups["posts"], anna), (berta, boris)):
        with pytest.raises(NotAllowed):
            await profiles.change(DRAFT, actor=actor, by=by, now=LATER)

    assert (await Actor.get(id=anna.actor_id)).display_name == "Anna Ngugi"
    assert await JournalEntry.all().count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"display_name": "x" * 61}, "display_name"),
        ({"bio": "x" * 1001}, "bio"),
        ({"language": "?"}, "language"),
        ({"fields": (("a", "b"),) * 7}, "fields"),
        ({"fields": (("a", "b" * 256),)}, "fields"),
        ({"avatar_media_id": "0" * 26}, "avatar"),
    ],
)
async def test_a_wrong_value_says_which_field(node_database: Settings, changes: dict[str, object], field: str) -> None:
    anna = await member()

    with pytest.raises(Invalid) as refusal:
        await profiles.change(replace(DRAFT, **changes), actor=anna.actor, by=anna, now=LATER)  # type: ignore[arg-type]

    assert list(refusal.value.fields) == [field]


async def test_a_changed_profile_is_told_and_found(database: Settings) -> None:
    anna = await member()
    await Media.create(
        public_id="0" * 26, owner_id=anna.actor_id, path="a/b.webp", media_type="image/webp", bytes=1, width=1,
        height=1, created_at=NOW,
    )  # fmt: skip

    await profiles.change(replace(DRAFT, avatar_media_id="0" * 26), actor=anna.actor, by=anna, now=LATER)

    row = await Actor.get(id=anna.actor_id)
    assert (row.display_name, row.bio_html, row.manually_approves, row.updated_at) == (
        "Anna N.",
        "<p>I count <strong>votes</strong>.</p>\n",
        True,
        LATER,
    )
    assert row.avatar_url == "https://home.example/media/a/b.webp"
    assert [field["name"] for field in row.profile_fields] == ["Office"]
    assert profiles.draft_of(row) == replace(DRAFT, fields=DRAFT.fields[:1])
    assert [journal.read(entry) for entry in await JournalEntry.all()] == [ProfileChanged(anna.actor_id)]
    assert "votes" in (await SearchEntry.get(kind="actor")).folded


async def test_followers_and_those_who_wait_are_listed_apart(database: Settings) -> None:
    groups, anna, eda = await home(), await member(), await member("eda", "Eda", Role.EDITOR)
    berta, carlo = await foreigner(), await foreigner(CARLO)
    await follows.request(FollowRequest(berta, anna.actor, "https://far.example/f/1"), grant=FollowGrant.YES, now=NOW)
    await follows.request(FollowRequest(carlo, anna.actor, "https://other.example/f/1"), grant=FollowGrant.ASK, now=NOW)
    wanted = FollowRequest(carlo, groups["posts"], "https://other.example/f/2")
    await follows.request(wanted, grant=FollowGrant.ASK, now=NOW)

    assert [view.handle for view in (await profiles.followers(anna.actor)).items] == ["@berta@far.example"]
    assert [view.handle for view in (await profiles.following(berta)).items] == ["@anna@home.example"]
    assert [view.actor.handle for view in (await profiles.requests_for(anna)).items] == ["@carlo@other.example"]
    assert len(await profiles.requests_for(eda)) == 1
