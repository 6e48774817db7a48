"""Passwords: what is refused, how they are kept, and that nobody learns who exists (A-11, T-52, T-53)."""

import asyncio
import threading
import unicodedata

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from node.community import passwords
from node.community.guessable import _WORDS, is_guessable
from node.errors import Invalid
from tests import thrift

GOOD = "a long sentence about mats"


@pytest.fixture(autouse=True)
def _real_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in thrift.REAL.items():
        monkeypatch.setattr(passwords, name, value)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short one",
        "x" * 201,
        "aaaaaaaaaaaa",
        "abababababab",
        "anna_ngugi is me",
        "my name: ANNA_NGUGI",
        "password123",
        "P@ssw0rd1234",
        "Welcome-2026!",
        "AdminAdmin1",
        "iloveyou!!!",
        "qwertyuiop",
        "1q2w3e4r5t6y",
        "asdfasdfasdf",
        "0987654321",
        "abcdefghijkl",
        "19851212",
        "679123456789",
        "Fiji Summer 2026",
        "motdepasse!",
        "talanoatalanoa",
    ],
)
def test_a_password_that_others_would_guess_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.require_strong(password, name="anna_ngugi")

    assert list(refused.value.fields) == ["password"]


@pytest.mark.parametrize(
    "password",
    [GOOD, "correct horse battery", "we meet at noon", "kava after the rain", "9f8a7s6df98x", "الاجتماع يوم الاثنين"],
)
def test_a_sentence_of_ones_own_is_taken(password: str) -> None:
    assert passwords.require_strong(password, name="anna") == password


def test_more_than_three_thousand_usual_passwords_are_refused() -> None:
    """A-11: at least 3,000."""
    endings = ["!", "1", "123", "1234", "2026", "_1", "?"]
    usual = {f"{word}{ending}" for word in _WORDS for ending in endings} | {f"{word}{word}" for word in _WORDS}
    usual |= {f"{word.title()}{year}" for word in _WORDS for year in range(1990, 2027)}

    assert [password for password in sorted(usual) if not is_guessable(password)] == []
    assert len(usual) > 3_000


async def test_only_the_right_password_fits() -> None:
    stored = await passwords.hash_of(GOOD)

    tried = [GOOD, f"{GOOD} ", GOOD.upper(), "", "\udcff" * 3, f"{GOOD}\x00"]

    assert [await passwords.fits(each, stored) for each in tried] == [True, False, False, False, False, False]


async def test_a_password_is_not_cut() -> None:
    longest = "mat " * 50
    stored = await passwords.hash_of(longest)

    assert [await passwords.fits(each, stored) for each in (longest, f"{longest}more", longest[:-1])] == [
        True,
        False,
        False,
    ]


async def test_a_password_fits_however_its_letters_are_composed() -> None:
    composed, decomposed = (unicodedata.normalize(form, "été à la réunion") for form in ("NFC", "NFD"))

    assert composed != decomposed
    assert await passwords.fits(decomposed, await passwords.hash_of(composed))


async def test_a_hash_is_argon2id_with_its_own_salt() -> None:
    """A-11: at or above the OWASP minimum."""
    first, second = [await passwords.hash_of(GOOD) for _ in range(2)]

    assert first != second
    for stored in (first, second):
        assert stored.startswith("$argon2id$v=19$m=32768,t=3,p=1$")
        assert PasswordHasher().verify(stored, GOOD)


@pytest.mark.parametrize("stored", [None, "no hash", "$argon2id$v=19$m=8,t=1,p=1$broken"])
async def test_who_has_no_password_gets_in_with_none(stored: str | None) -> None:
    assert [await passwords.fits(each, stored) for each in ("", "nobody", GOOD)] == [False, False, False]


async def test_nobody_costs_as_much_work_as_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """T-52, T-53: the same hash with the same parameters, whether there is such a person or not."""
    tried: list[tuple[str, str]] = []

    class Noting:
        def verify(self, stored: str, password: bytes) -> bool:
            tried.append((stored.rpartition("$")[0].rpartition("$")[0], password.decode()))
            return PasswordHasher().verify(stored, password)

    stored = await passwords.hash_of(GOOD)
    monkeypatch.setattr(passwords, "_HASHER", Noting())

    assert [await passwords.fits("wrong", each) for each in (stored, None)] == [False, False]
    assert await passwords.fits("x" * 300, stored) is False
    parameters = "$argon2id$v=19$m=32768,t=3,p=1"
    assert tried == [(parameters, "wrong"), (parameters, "wrong"), (parameters, "x" * 200)]
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(passwords._NOBODYS, "nobody at all")


async def test_two_are_hashed_at_once_and_giving_up_makes_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A-11: at most two at once, cancelled requests included."""
    running, most, lock = 0, 0, threading.Lock()
    entered, release = threading.Semaphore(0), threading.Event()

    class Slow:
        def hash(self, _: bytes) -> str:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            entered.release()
            release.wait(10)
            with lock:
                running -= 1
            return "hash"

    monkeypatch.setattr(passwords, "_HASHER", Slow())
    tasks = [asyncio.create_task(passwords.hash_of(GOOD)) for _ in range(6)]
    await asyncio.to_thread(lambda: [entered.acquire() for _ in range(passwords.AT_ONCE)])
    for task in tasks[:3]:
        task.cancel()
    await asyncio.gather(*tasks[:3], return_exceptions=True)
    release.set()

    assert await asyncio.gather(*tasks[3:]) == ["hash"] * 3
    assert most == passwords.AT_ONCE
