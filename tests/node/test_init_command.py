"""talanoa init: asks, looks, and only then fixes the address for good."""

import socket
from pathlib import Path

import pytest

from node.community import members, node_profile
from node.models import NodeProfile, Role
from tests.operators import Operator, operator_in

ANSWERS = ("--name", "Home", "--steward", "Ama Owusu", "--contact", "ama@home.example", "--rules", "Be kind.")


@pytest.fixture
def blank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Return somebody with a shell in an empty folder, who has decided nothing yet."""
    monkeypatch.chdir(tmp_path)
    operator = operator_in(tmp_path)
    operator.environment.clear()
    (tmp_path / "talanoa.toml").unlink()
    operator.environment["TALANOA_DATA_DIR"] = str(tmp_path)
    return operator


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--yes", *ANSWERS), "Say --domain."),
        (("--yes", "--domain", "home.example"), "Say --"),
        (("--yes", "--domain", "not a host", *ANSWERS), "The host name can't be"),
        (("--yes", "--domain", "home.example", *ANSWERS, "--languages", "English"), "language codes"),
        (("--yes", "--domain", "home.example", *ANSWERS, "--account", "events"), "reserved"),
        (("--yes", "--domain", "http://home.example", *ANSWERS), "must be https"),
    ],
)
def test_an_answer_that_cannot_be_taken_changes_nothing(blank: Operator, arguments: tuple[str, ...], said: str) -> None:
    assert said in blank.refused("init", "--skip-doctor", *arguments)
    assert [*blank.folder.iterdir()] == []


def test_an_address_that_nobody_reaches_is_not_fixed(blank: Operator) -> None:
    blank.environment["TALANOA_LISTEN"] = f"127.0.0.1:{free_port()}"
    result = blank.types("init", "--domain", "home.example", "--yes", *ANSWERS)

    assert result.exit_code == 1
    assert "fail  address: https://home.example can't be reached" in result.output
    assert blank.knows(lambda: NodeProfile.all().count()) == 0


def test_a_second_answer_than_that_of_the_environment_is_refused(blank: Operator) -> None:
    blank.environment["TALANOA_PUBLIC_URL"] = "https://other.example"

    said = blank.refused("init", "--domain", "home.example", "--yes", *ANSWERS)

    assert said.startswith("TALANOA_PUBLIC_URL is https://other.example in the environment; change it there")


def test_without_a_look_it_warns_founds_and_prints_a_link(blank: Operator) -> None:
    result = blank.types("init", "--domain", "home.example", "--yes", "--skip-doctor", *ANSWERS, "--languages", "fr,en")

    assert result.exit_code == 0, result.output
    assert "Warning: nobody looked" in result.output
    assert "https://home.example/sign-in/link/" in result.output
    assert (blank.folder / "talanoa.toml").read_text() == (
        'public_url = "https://home.example"\nlanguages = ["fr","en"]\n'
    )
    assert (blank.folder / "secret-key").stat().st_mode & 0o777 == 0o600
    profile = blank.knows(node_profile.read)
    steward = blank.knows(lambda: members.by_name("ama_owusu"))
    assert profile is not None
    assert (profile.name, profile.steward, profile.rules) == ("Home", "Ama Owusu", "Be kind.")
    assert (steward.email, steward.role, steward.locale) == ("ama@home.example", Role.STEWARD, "fr")


def test_a_second_time_nothing_is_fixed_anew_and_the_file_stays(blank: Operator) -> None:
    blank.types("init", "--domain", "home.example", "--yes", "--skip-doctor", *ANSWERS)
    before = (blank.folder / "talanoa.toml").read_text()

    result = blank.types("init", "--yes", "--name", "Another name", *ANSWERS[2:])

    assert result.exit_code == 0, result.output
    assert "It was founded before" in result.output
    assert (blank.folder / "talanoa.toml").read_text() == before
    assert blank.knows(lambda: NodeProfile.get(id=1)).name == "Home"


def test_a_file_with_a_secret_can_be_read_by_its_owner_alone(blank: Operator) -> None:
    path = blank.folder / "talanoa.toml"
    path.write_text('mail_url = "smtp://home:secret@mail.example:587"\n')

    blank.types("init", "--domain", "home.example", "--yes", "--skip-doctor", *ANSWERS)

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().endswith('mail_url = "smtp://home:secret@mail.example:587"\n')


def test_it_asks_and_looks_through_a_server_of_its_own(blank: Operator) -> None:
    port = free_port()
    blank.environment |= {"TALANOA_DEVELOPMENT": "true", "TALANOA_LISTEN": f"127.0.0.1:{port}"}
    typed = ["Ama Owusu", "ama@home.example", "Home", "en", "Be kind.", "ama", ""]

    result = blank.types("init", "--domain", f"http://localhost:{port}", typed="\n".join(typed) + "\n")

    assert result.exit_code == 0, result.output
    assert f"ok    address: http://localhost:{port} leads here." in result.output
    assert "ok    proxy: Host and target arrive unchanged." in result.output
    assert blank.knows(lambda: members.by_name("ama")).email == "ama@home.example"


def test_a_port_that_is_taken_is_said(blank: Operator) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        blank.environment |= {"TALANOA_DEVELOPMENT": "true", "TALANOA_LISTEN": f"127.0.0.1:{port}"}

        result = blank.types("init", "--domain", f"http://localhost:{port}", "--yes", *ANSWERS)

    assert result.exit_code == 1
    assert f"fail  listen: 127.0.0.1:{port} is taken" in result.output
