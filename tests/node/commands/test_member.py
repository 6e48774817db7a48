"""talanoa member: accounts, printed links, the list."""

import re

import pytest

from node.community import members
from node.models import ActorKey, OneTimeLink, Role
from tests.operators import Operator


def test_a_machine_without_a_node_is_told_what_to_do(newcomer: Operator) -> None:
    assert "run `talanoa init`" in newcomer.refused("member", "list")


def test_tables_of_an_older_version_are_not_touched(newcomer: Operator) -> None:
    (newcomer.folder / "talanoa.db").touch()

    assert "run `talanoa migrate` first" in newcomer.refused("member", "list")


def test_a_node_that_lives_under_another_address_is_not_touched(operator: Operator) -> None:
    operator.environment["TALANOA_PUBLIC_URL"] = "https://elsewhere.example"

    assert "https://home.example" in operator.refused("member", "add", "amina")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("member", "add", "Amina"), "small letters"),
        (("member", "add", "events"), "reserved"),
        (("member", "add", "amina", "--email", "amina"), "e-mail address"),
        (("member", "link", "nobody"), "no member called nobody"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(operator: Operator, arguments: tuple[str, ...], said: str) -> None:
    assert said in operator.refused(*arguments)


def test_a_role_that_does_not_exist_is_refused(operator: Operator) -> None:
    result = operator.types("member", "add", "amina", "--role", "king")

    assert (result.exit_code, "king" in result.output) == (2, True)


def test_a_member_gets_account_keys_and_a_link_that_signs_in(operator: Operator) -> None:
    said = operator.gets("member", "add", "amina", "--email", "Amina@home.example", "--role", "editor")

    token = re.fullmatch(r"https://home\.example/sign-in/link/([\w-]{43})", said["link"])
    member = operator.knows(lambda: members.by_name("amina"))
    assert token is not None
    assert (said["handle"], said["role"], said["email"]) == ("amina@home.example", "editor", "amina@home.example")
    assert member.role is Role.EDITOR
    assert operator.knows(lambda: ActorKey.filter(actor_id=member.actor_id).count()) == 2


def test_a_password_comes_from_standard_input_and_is_not_printed(operator: Operator) -> None:
    result = operator.types("member", "add", "amina", "--password-stdin", typed="seven wet mats drying\n")

    assert (result.exit_code, result.output) == (0, "Added @amina@home.example, member.\n")
    assert operator.knows(lambda: members.sign_in("amina", "seven wet mats drying")) is not None


def test_a_weak_password_makes_no_account(operator: Operator) -> None:
    result = operator.types("member", "add", "amina", "--password-stdin", typed="amina\n")

    assert result.exit_code == 1
    assert operator.gets("member", "list") == []


def test_a_new_link_ends_the_one_before(operator: Operator) -> None:
    operator.gets("member", "add", "amina")

    printed = operator.types("member", "link", "amina").output

    assert re.fullmatch(r"Sign in \(once, within 10 minutes\): https://home\.example/sign-in/link/\S+\n", printed)
    assert operator.knows(lambda: OneTimeLink.filter(used_at__isnull=True).count()) == 1


def test_the_list_shows_who_is_here(operator: Operator) -> None:
    operator.gets("member", "add", "amina", "--display-name", "Amina O.")
    operator.gets("member", "add", "teanoa", "--role", "moderator", "--email", "t@home.example")

    assert operator.types("member", "list").output.splitlines() == [
        "@teanoa  teanoa  moderator  active  t@home.example",
        "@amina  Amina O.  member  active  no e-mail",
    ]
