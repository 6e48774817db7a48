"""Profiles and versions of records as pages get them; on both databases."""

from dataclasses import replace

import pytest

from node.community import follows, library, practices, profile_views, record_versions
from node.community.visibility import ANONYMOUS, Viewer
from node.errors import NotFound
from node.models import FollowState
from node.settings import Settings
from tests.node.community.people import LATER, NOW, foreigner, home, member
from tests.node.community.test_practices import FULL


async def test_the_server_itself_and_strangers_have_no_profile(database: Settings) -> None:
    await home()

    for name, host in (("actor", ""), ("berta", "far.example"), ("nobody", "")):
        with pytest.raises(NotFound):
            await profile_views.named(name, host, ANONYMOUS)


async def test_a_profile_counts_what_stands_and_knows_the_viewer(database: Settings) -> None:
    await home()
    anna, boris = await member(), await member("boris", "Boris")
    await foreigner()
    await follows.ask(boris.actor, anna.actor, now=NOW)

    mine = await profile_views.named("anna", "", Viewer(boris.actor_id, boris.id, boris.role))
    theirs = await profile_views.named("berta", "far.example", ANONYMOUS)

    assert (mine.actor.handle, mine.followers, mine.following, mine.follows) == (
        *("@anna@home.example", 1, 0),
        FollowState.ACCEPTED,
    )
    assert (theirs.actor.path, theirs.follows, theirs.is_listed) == ("/@berta@far.example", None, False)


async def test_a_version_is_as_it_was_published(database: Settings) -> None:
    await home()
    anna = await member()
    record = await practices.publish(FULL, by=anna, now=NOW)
    later = replace(FULL, title="A better title", sections={"problem": "None.", "approach": "None."})
    await practices.revise(record.uri, later, by=anna, now=LATER)
    newest = await library.practice(record.public_id or "", ANONYMOUS)

    first = await record_versions.as_it_was(newest, 1)
    lines = await record_versions.versions_of(newest)

    assert (newest.title, first.title, first.version, first.is_listed) == (later.title, FULL.title, 1, False)
    assert dict(first.sections)["results"] == "<p>4,120 people, <strong>38%</strong> women.</p>\n"
    assert [(line.number, line.title) for line in lines] == [(2, "A better title"), (1, FULL.title)]
    with pytest.raises(NotFound):
        await record_versions.as_it_was(newest, 3)
