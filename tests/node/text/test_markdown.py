"""Members write Markdown; mentions and hashtags are found, tricks are not obeyed."""

import pytest

from node.text.allowed import LINK_REL
from node.text.markdown import Handle, Known, Rendered, find_mentions, hashtag_key, render
from node.text.sanitise import CleanHtml, Subset

AMINA = Known("https://far.example/users/amina", "https://far.example/@amina", "amina@far.example")
TAGS = "https://node.example/tags/"


def _resolve(handle: Handle) -> Known | None:
    return {Handle("amina", "far.example"): AMINA}.get(handle)


async def _html(source: str, subset: Subset = Subset.NOTE) -> str:
    return (await render(source, resolve=_resolve, tags_url=TAGS, subset=subset)).html.html


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](//evil.test)",
        "![x](data:text/html,x)",
        "<a onclick='x'>x</a>",
        "[x](https://good.test@evil.test/)",
    ],
)
async def test_nothing_dangerous_can_be_typed(source: str) -> None:
    html = await _html(source)

    assert "<script" not in html
    assert "<a " not in html


@pytest.mark.parametrize("shape", ["@" + "a." * 50_000, "@" + "_" * 50_000, "#" + "a" * 50_000, "@a@" + "a-" * 50_000])
def test_long_runs_after_a_sign_are_read_once(shape: str) -> None:
    """V-M18."""
    assert len(find_mentions(shape)) <= 1


async def test_an_unknown_handle_stays_as_typed() -> None:
    result = await render("Hello @nobody@far.example and @x.", resolve=_resolve, tags_url=TAGS)

    assert result == Rendered(CleanHtml("<p>Hello @nobody@far.example and @x.</p>\n"), (), ())


async def test_a_known_handle_becomes_a_mention_and_a_word_a_hashtag() -> None:
    result = await render("Thanks @amina@far.example. #SDG16 #Été #16", resolve=_resolve, tags_url=TAGS)

    assert result == Rendered(
        CleanHtml(
            '<p>Thanks <span class="h-card" translate="no"><a href="https://far.example/@amina" '
            f'class="u-url mention" rel="{LINK_REL}">@<span>amina</span></a></span>. '
            f'<a href="{TAGS}sdg16" class="mention hashtag" rel="{LINK_REL}">#<span>SDG16</span></a> '
            f'<a href="https://node.example/tags/%C3%A9t%C3%A9" class="mention hashtag" rel="{LINK_REL}">'
            "#<span>Été</span></a> #16</p>\n"
        ),
        (AMINA,),
        ("SDG16", "Été"),
    )


async def test_code_and_links_hold_no_mentions() -> None:
    source = "`@amina@far.example #x` [@amina@far.example](https://x.test/) https://far.example/@amina/#frag"

    result = await render(source, resolve=_resolve, tags_url=TAGS)

    assert (result.mentions, result.hashtags) == ((), ())


async def test_a_bare_address_becomes_a_link_and_a_picture_a_link_too() -> None:
    html = await _html("See https://a.test/x_y_z. ![A map](https://a.test/m.png)")

    assert html == (
        f'<p>See <a href="https://a.test/x_y_z" rel="{LINK_REL}">https://a.test/x_y_z</a>. '
        f'<a href="https://a.test/m.png" rel="{LINK_REL}">A map</a></p>\n'
    )


async def test_headings_are_kept_in_articles_only() -> None:
    assert await _html("## Results") == "<p><strong>Results</strong></p>\n"
    assert await _html("## Results", Subset.ARTICLE) == "<h2>Results</h2>\n"


async def test_arabic_and_devanagari_hashtags_are_whole_words() -> None:
    result = await render("#الحكومة_الإلكترونية و #सरकार!", resolve=_resolve, tags_url=TAGS)

    assert result.hashtags == ("الحكومة_الإلكترونية", "सरकार")


def test_mentions_are_found_before_anything_is_looked_up() -> None:
    assert find_mentions("@Amina@Far.Example, @bob and mail@host.example; @bob again, [@no](https://x.test/)") == (
        Handle("Amina", "far.example"),
        Handle("bob"),
    )


def test_a_hashtag_has_one_key_however_it_is_typed() -> None:
    assert hashtag_key("ＥParticipation") == hashtag_key("eparticipation") == "eparticipation"
