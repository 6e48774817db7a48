"""A member leaves, and the servers of those who followed them are told. V-K13."""

import json

from node.community import members, own_account
from tests.standing import BASE, Company, company, founded

__all__ = ["company", "founded"]
AMINA = f"{BASE}/ap/u/amina"


async def test_followers_elsewhere_get_the_delete_signed_by_who_left(company: Company) -> None:
    home, good = company.home, company.good
    berta = good.actor("berta")
    await home.post(good, good.activity("Follow", berta, AMINA), berta)
    await home.work()
    good.received.clear()

    await own_account.leave(await members.by_name("amina"), now=home.now)
    await home.work()

    told = [(each.activity["type"], each.activity["actor"], each.activity["object"]) for each in good.received]
    assert told == [("Delete", AMINA, AMINA)]
    assert good.received[0].signer.actor == AMINA
    gone = await home.get("/ap/u/amina")
    tombstone = json.loads(gone.body)
    assert (gone.status, tombstone["id"], tombstone["type"]) == (410, AMINA, "Tombstone")
    assert tombstone["formerType"] == "Person"
    assert "publicKey" not in tombstone
    for part in ("outbox", "followers", "featured", "main-key"):
        assert (await home.get(f"/ap/u/amina/{part}")).status == 410
