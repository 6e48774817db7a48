"""The lock files: hashes for everything, no server named, nothing older than its last known hole (0.19)."""

import re

import pytest

from tests.house.source import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt")
SAFE_SINCE = {
    "h11": (0, 16, 0),
    "idna": (3, 15),
    "werkzeug": (3, 0, 6),
    "quart": (0, 20),
    "h2": (4, 4, 1),
    "bleach": (3, 3, 0),
    "pillow": (12, 2, 0),
    "tortoise-orm": (0, 16, 7),
}
_PIN = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;\\]+)(?P<rest>(?:.*\\\n)(?:    --hash=sha256:[0-9a-f]{64}.*\n)+)", re.M
)


def pins(lock: str) -> dict[str, str]:
    """Return the version of each package that is pinned with at least one hash."""
    return {found["name"]: found["version"] for found in _PIN.finditer((ROOT / lock).read_text(encoding="utf-8"))}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_a_pin_with_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    named = {line.split("==")[0] for line in text.splitlines() if line and line[0] not in " #"}

    assert named == set(pins(lock))
    assert len(named) > 40


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_server_and_no_folder(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert (
        re.findall(r"https?://\S+|file:\S+|--(?:extra-)?index-url\S*|--find-links\S*|--trusted-host\S*|@ \S+", text)
        == []
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_is_older_than_its_last_known_hole(lock: str) -> None:
    found = {
        name: tuple(int(part) for part in version.split(".")[:3])
        for name, version in pins(lock).items()
        if name in SAFE_SINCE
    }

    assert found.keys() == SAFE_SINCE.keys()
    assert {name: version for name, version in found.items() if version < SAFE_SINCE[name]} == {}


def test_the_tests_run_with_the_versions_that_operators_get() -> None:
    production, development = pins("requirements.txt"), pins("requirements-dev.txt")

    assert {name: version for name, version in production.items() if development.get(name) != version} == {}
