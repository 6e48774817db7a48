"""talanoa doctor, as an operator types it."""

import orjson

from tests.operators import Operator


def test_what_is_missing_is_said_and_ends_with_one(newcomer: Operator) -> None:
    result = newcomer.types("doctor", "--json")

    found = {each["check"]: each["verdict"] for each in orjson.loads(result.stdout)}
    assert result.exit_code == 1
    assert (found["settings"], found["database"], found["address"]) == ("ok", "fail", "fail")


def test_a_founded_node_is_whole_inside_though_nobody_finds_its_made_up_name(operator: Operator) -> None:
    result = operator.types("doctor", "--json")

    found = {each["check"]: each["verdict"] for each in orjson.loads(result.stdout)}
    assert result.exit_code == 1
    assert found == {
        "settings": "ok",
        "secret key": "ok",
        "database": "ok",
        "node": "ok",
        "keys": "ok",
        "steward": "fail",
        "queues": "ok",
        "disk": "ok",
        "mail": "ok",
        "address": "fail",
        "outgoing": "ok",
    }


def test_keys_that_another_secret_wrapped_are_found(operator: Operator) -> None:
    operator.environment["TALANOA_SECRET_KEY"] = "another secret that nobody wrapped with, 32 or more"

    assert "fail  keys: They were wrapped with another secret key." in operator.types("doctor").output


def test_a_mail_server_that_is_not_there_is_found(operator: Operator) -> None:
    operator.environment["TALANOA_MAIL_URL"] = "smtp://127.0.0.1:1"

    assert "fail  mail: 127.0.0.1:1: " in operator.types("doctor").output
