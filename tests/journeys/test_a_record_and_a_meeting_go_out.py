"""A follower of the Groups receives a practice record and an event in the shape that Mastodon shows."""

from node.community import events, practices
from node.community.event_rules import EventDraft, Place
from node.community.practice_rules import Organization, PracticeDraft
from node.models import Role
from node.settings import Settings
from tests.network import open_network
from tests.peers.flavours import MASTODON
from tests.peers.peer import Peer
from tests.world import HOME, Home, home_settings, open_home

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
RECORD = PracticeDraft(
    title="Ward budget hearings by SMS",
    language="en",
    country=("KE",),
    level=("local",),
    start_date="2024",
    status="implemented",
    status_date="2024",
    outcome="success",
    lead_organization=Organization("County of Example", "local-government", "KE"),
    objective=("participation", "inclusion"),
    theme=("e-participation",),
    sdg=("16.7",),
    channel=("sms-ussd",),
    sections={
        "problem": "Rural wards were absent from budget hearings.",
        "approach": "The county takes questions by SMS in three languages.",
    },
)
MEETING = EventDraft(
    title="Open budget workshop",
    start_local="2027-03-15T18:00",
    end_local="2027-03-15T20:00",
    time_zone="Africa/Nairobi",
    text="Bring a phone.",
    place=Place(name="Town hall", locality="Kisumu", country="KE"),
)


async def follow(peer: Peer, home: Home, name: str) -> None:
    reader = peer.actors.get("rosa") or peer.actor("rosa")
    group = await peer.look_up(f"@{name}@{HOME}")
    number = len(peer.of_type("Accept")) + 1
    activity = peer.activity("Follow", reader, group["id"])
    assert (await peer.post_activity(str(group["inbox"]), activity, actor=reader)).status == 202
    await peer.expect(number, kind="Accept")


async def test_a_practice_record_arrives_as_an_article_of_its_group(node_database: Settings) -> None:
    async with open_network() as network:
        peer = await network.peer("far.test", MASTODON)
        async with open_home(home_settings(node_database, network), network) as home:
            await follow(peer, home, "practices")
            author = await home.member("amina", Role.EDITOR)

            record = await practices.publish(RECORD, by=author, now=home.node.clock.now())

            created = (await peer.expect(1, kind="Create"))[0].activity
            article = created["object"]
            group = f"http://{HOME}/ap/g/practices"
            assert (created["actor"], article["attributedTo"], article["type"]) == (group, group, "Article")
            assert (created["to"], created["cc"]) == ([PUBLIC], [f"{group}/followers"])
            assert article["name"] == "Ward budget hearings by SMS"
            assert article["summary"].startswith("Kenya · local · implemented 2024. ")
            assert article["practice"]["leadOrganization"] == "County of Example"
            assert article["practice"]["sdg"] == ["16.7"]
            served = (await peer.fetch(record.uri)).json()
            assert served["id"] == record.uri
            assert served["proof"]["cryptosuite"] == "eddsa-jcs-2022"
            whole = (await peer.fetch(f"{record.uri}/record.json")).json()
            assert whole["practice"]["sections"]["problem"] == "Rural wards were absent from budget hearings."


async def test_an_event_arrives_with_its_time_zone_and_place(node_database: Settings) -> None:
    async with open_network() as network:
        peer = await network.peer("far.test", MASTODON)
        async with open_home(home_settings(node_database, network), network) as home:
            await follow(peer, home, "events")
            author = await home.member("amina", Role.EDITOR)

            await events.publish_for_network(MEETING, by=author, now=home.node.clock.now())

            event = (await peer.expect(1, kind="Create"))[0].activity["object"]
            group = f"http://{HOME}/ap/g/events"
            assert (event["type"], event["actor"], event["attributedTo"]) == ("Event", group, group)
            assert (event["startTime"], event["timezone"]) == ("2027-03-15T18:00:00+03:00", "Africa/Nairobi")
            assert event["location"]["name"] == "Town hall"
            assert "Town hall" in event["summary"]
            assert "15 Mar 2027" in event["summary"]
