"""Whoever reads a link reads where it leads. V-M04."""

import pytest

from node.text.allowed import LINK_REL
from node.text.links import with_true_hosts
from node.text.sanitise import CleanHtml, clean

TRUE = f'<a href="https://evil.test/login" rel="{LINK_REL}">evil.test/login</a>'


@pytest.mark.parametrize(
    "words",
    [
        "good.example",
        "https://good.example/login",
        "www.good.example",
        '<span class="invisible">https://evil.test/</span>good.example',
        "<b>good</b>.example",
        "evil.test and good.example",
        "\u202egood.example\u202c",
        "GOOD.EXAMPLE",
        "b\u00fccher.example",
    ],
)
async def test_a_link_that_names_another_host_shows_its_own(words: str) -> None:
    found = await clean(f'<p>See <a href="https://evil.test/login">{words}</a></p>')

    assert with_true_hosts(found) == CleanHtml(f"<p>See {TRUE}</p>")


@pytest.mark.parametrize("href", ["https://good.example@evil.test/", "https://good.example:x@evil.test/a"])
async def test_a_user_name_in_front_of_a_host_leaves_no_link(href: str) -> None:
    assert with_true_hosts(await clean(f'<a href="{href}">good.example</a>')) == CleanHtml("<a>good.example</a>")


@pytest.mark.parametrize("sign", ["\u202e", "\u202d"])
async def test_signs_that_turn_the_words_round_are_taken_out(sign: str) -> None:
    assert (await clean(f"<p>{sign}elpmaxe.doog</p>")).html == "<p>elpmaxe.doog</p>"


@pytest.mark.parametrize("words", ["good.example", "www.good.example", "my page", "Good. Example", "10.5", "e.g."])
async def test_an_honest_link_stays_as_it_is(words: str) -> None:
    found = await clean(f'<a href="https://www.good.example/a">{words}</a>')

    assert with_true_hosts(found) == found


async def test_the_way_mastodon_shortens_addresses_stays_as_it_is() -> None:
    found = await clean(
        '<a href="https://good.example/a/long/way"><span class="invisible">https://</span>'
        '<span class="ellipsis">good.example/a/lo</span><span class="invisible">ng/way</span></a>'
    )

    assert with_true_hosts(found) == found


async def test_a_huge_text_without_an_end_is_read_once() -> None:
    text = CleanHtml('<a href="https://a.test/">' + "a." * 30_000 + "</a>")

    assert with_true_hosts(text) == text
