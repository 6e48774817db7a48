"""A person on a strict foreign server finds the records' Group, follows it, reads and answers."""

import pytest

from node.community import posts
from node.community.posts import PostDraft
from node.settings import Settings
from tests.network import open_network
from tests.peers.flavours import FLAVOURS, Flavour
from tests.world import HOME, home_settings, open_home

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.software)
async def test_a_stranger_follows_reads_and_answers_on_our_page(node_database: Settings, flavour: Flavour) -> None:
    async with open_network() as network:
        peer = await network.peer("far.test", flavour)
        reader = peer.actor("" if flavour.actor_path == "" else "rosa")
        settings = home_settings(node_database, network)
        async with open_home(settings, network) as home:
            group = await peer.look_up(f"@posts@{HOME}")
            follow = peer.activity("Follow", reader, group["id"])

            reply = await peer.post_activity(str(group["inbox"]), follow, actor=reader)
            assert reply.status == 202
            accepted = (await peer.expect(1, kind="Accept"))[0].activity
            assert accepted["object"] == {
                "id": follow["id"],
                "type": "Follow",
                "actor": reader.uri,
                "object": group["id"],
            }

            pinned = (await peer.fetch(str(group["featured"]))).json()
            guide = (await peer.fetch(pinned["orderedItems"][0])).json()
            assert guide["attributedTo"] == group["id"]

            author = await home.member("amina")
            post = await posts.publish(
                PostDraft(text="Ward hearings by SMS: who has tried it?", language="en"),
                author=author.actor,
                now=home.node.clock.now(),
            )
            boosted = (await peer.expect(1, kind="Announce"))[0].activity
            assert boosted["object"] == post.uri
            note = (await peer.fetch(post.uri)).json()
            assert note["content"] == "<p>Ward hearings by SMS: who has tried it?</p>\n"

            answer = peer.note(reader, "<p>We did, in three languages.</p>", inReplyTo=post.uri, cc=[author.actor.uri])
            created = peer.activity("Create", reader, answer)
            assert (await peer.post_activity(await home.inbox_of("amina"), created, actor=reader)).status == 202
            page = await home.until_page(f"/posts/{post.public_id}", "We did, in three languages.")
            assert "far.test" in page
