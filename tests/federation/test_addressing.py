"""Who may see what: from addressing to visibility and back."""

import pytest

from federation.addressing import PUBLIC, Visibility, addresses_for, visibility_of
from federation.errors import Malformed

FOLLOWERS = "https://talanoa.example/ap/u/anna/followers"
PARTNERS = "https://talanoa.example/ap/partners"
BERTA = "https://tuesday.example/users/berta"
POSTS = "https://talanoa.example/ap/g/posts"


def test_somebody_elses_followers_do_not_make_a_post_a_followers_post() -> None:
    stranger = "https://tuesday.example/users/berta/followers"

    assert visibility_of([stranger], [BERTA], FOLLOWERS) is Visibility.DIRECT


def test_nobody_addressed_is_direct() -> None:
    assert visibility_of([], [], None) is Visibility.DIRECT


@pytest.mark.parametrize("public", [PUBLIC, "as:Public", "Public"])
def test_every_spelling_of_public_is_public_in_to_and_quiet_in_cc(public: str) -> None:
    assert visibility_of([public], [FOLLOWERS], FOLLOWERS) is Visibility.PUBLIC
    assert visibility_of([FOLLOWERS], [public], FOLLOWERS) is Visibility.QUIET


def test_the_authors_own_followers_make_a_followers_post() -> None:
    assert visibility_of([BERTA], [FOLLOWERS], FOLLOWERS) is Visibility.FOLLOWERS


def test_nothing_of_ours_goes_to_followers_only() -> None:
    with pytest.raises(Malformed):
        addresses_for(Visibility.FOLLOWERS, followers_uri=FOLLOWERS, partners_uri=PARTNERS)


@pytest.mark.parametrize(
    ("visibility", "expected"),
    [
        (Visibility.PUBLIC, ((PUBLIC,), (FOLLOWERS, POSTS, BERTA))),
        (Visibility.QUIET, ((FOLLOWERS,), (PUBLIC, POSTS, BERTA))),
        (Visibility.NETWORK, ((PARTNERS,), (POSTS, BERTA))),
        (Visibility.DIRECT, ((POSTS, BERTA), ())),
    ],
)
def test_each_visibility_has_its_addresses(
    visibility: Visibility, expected: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    found = addresses_for(
        visibility, followers_uri=FOLLOWERS, partners_uri=PARTNERS, mentions=[BERTA, BERTA], groups=[POSTS]
    )

    assert found == expected
