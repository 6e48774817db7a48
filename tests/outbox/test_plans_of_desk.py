"""What other servers hear when a moderator hides something and lets it stand again."""

from node.community import moderation
from node.community.moderation import Act
from node.models import ActKind, Concern, Role
from tests.outbox.test_plans import AMINA, EVERYBODY, NOON, PUBLIC, told
from tests.outbox.test_recipients import say
from tests.standing import Company


async def test_a_hidden_post_is_deleted_elsewhere_and_told_anew_when_it_comes_back(company: Company) -> None:
    """FEP-4f05: hidden answers 200 with a Tombstone, deleted 410."""
    home = company.home
    mona = await home.member("mona", Role.MODERATOR)
    post = await say(home)
    created = (await told(home))[0]["object"]

    done = await moderation.act(Act(kind=ActKind.HIDE, uri=post.uri, reason_code=Concern.SPAM), by=mona, now=home.now)
    await home.bridge()
    hidden = await home.get(f"/ap/n/{post.public_id}")
    await moderation.undo(done.public_id, by=mona, registry=home.node.registry, now=home.now)

    undo, update = (await told(home))[1:]
    tombstone = {"id": post.uri, "type": "Tombstone", "formerType": "Note", "deleted": NOON}
    assert undo["object"] | {"id": "A"} == {"id": "A", "type": "Delete", "actor": AMINA, "object": post.uri}
    assert (undo["type"], undo["actor"], undo["to"]) == ("Undo", AMINA, [PUBLIC])
    assert (update["type"], update["object"], update["to"]) == ("Update", created, EVERYBODY["to"])
    assert hidden.status == 200
    assert {name: hidden.json()[name] for name in tombstone} == tombstone
    assert (await home.get(f"/ap/n/{post.public_id}")).json()["content"] == "<p>Hello</p>\n"
    await moderation.act(Act(kind=ActKind.DELETE, uri=post.uri, reason_code=Concern.SPAM), by=mona, now=home.now)
    assert (await home.get(f"/ap/n/{post.public_id}")).status == 410
