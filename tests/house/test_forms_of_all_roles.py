"""No form of the route table is taken without its token, whoever sends it. T-50, V-Z02."""

import pytest

from node.community.kinds import Role
from tests.house.test_route_answers import ROLES, building, forms, path_of, visitor_of
from tests.web.building import Building

__all__ = ["building"]


@pytest.mark.parametrize("role", ROLES, ids=str)
async def test_no_role_gets_a_form_through_without_its_token_v_z02(building: Building, role: Role | None) -> None:
    visitor = await visitor_of(building, role)
    refused = {401, 403} if role is None else {403}

    answers = {route: (await visitor.post(path_of(route))).status for route in forms()}

    assert {route: status for route, status in answers.items() if status not in refused} == {}
