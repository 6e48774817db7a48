"""Posts of ours and strangers who speak about them."""

from node.community import posts
from node.community.posts import PostDraft
from node.models import Post
from tests.peers.actors import Json, PeerActor
from tests.peers.peer import Peer
from tests.standing import BASE, INBOXES, Company

VERBS = ("Create", "Update", "Undo", "Accept", "Reject", "Add", "Remove", "Announce", "Like", "Flag", "Move", "Block")


async def our_post(company: Company, text: str = "Who has tried participatory budgeting?") -> Post:
    """Publish a post of Amina."""
    home = company.home
    return await posts.publish(PostDraft(text=text, language="en"), author=home.amina.actor, now=home.now)


async def introduce(company: Company, peer: Peer, name: str, inbox: str = INBOXES[0]) -> PeerActor:
    """Let the node know an actor and its key by a first, harmless activity."""
    actor = peer.actor(name)
    assert (await company.home.post(peer, peer.activity("Like", actor, BASE), actor, inbox)).status == 202
    await company.home.work()
    return actor


def of_ours(post: Post, eve: PeerActor) -> Json:
    return {
        "id": post.uri,
        "type": "Note",
        "attributedTo": eve.uri,
        "content": "<p>mine now</p>",
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "updated": "2030-01-01T00:00:00Z",
    }
