"""A building with a made-up community in it."""

from dataclasses import dataclass

import pytest

from node.community import node_profile
from node.community.node_profile import Description
from node.models import Member
from tests.web.building import Building
from tests.web.village import Village, move_in


@dataclass(frozen=True)
class Inhabited:
    """The building, who wrote everything in it, and the ids of what is in it."""

    building: Building
    anna: Member
    village: Village


@pytest.fixture
async def inhabited(building: Building) -> Inhabited:
    """Return a building in which anna wrote records, events and posts, and berta answered from elsewhere."""
    settings, now = building.settings, building.clock.now()
    described = Description(
        name="Pacific Practice Network",
        description="Twelve island states share what works.",
        steward="The secretariat",
        contact="talk@home.example",
        rules="Be kind.\nName your sources.",
        languages=("en", "fr"),
    )
    await node_profile.found(settings.public_url, described, now=now)
    await building.member("anna")
    anna = await Member.get(actor__local_name="anna").select_related("actor")
    return Inhabited(building, anna, await move_in(settings, anna, now=now))
