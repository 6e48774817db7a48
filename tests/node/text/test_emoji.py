"""Pictures for short codes: in words alone, never in tags, bounded. V-M27."""

from node.text.emoji import MOST, with_emoji
from node.text.sanitise import CleanHtml, clean

BLOB = {":blob:": "/media/elsewhere/signed"}
IMAGE = '<img class="emoji" src="/media/elsewhere/signed" alt=":blob:" title=":blob:">'


def test_codes_in_addresses_and_unknown_codes_stay_as_they_are() -> None:
    text = '<p><a href="https://far.example/:blob:" class="u-url">12:30:45 :other: ::</a></p>'

    assert with_emoji(CleanHtml(text), BLOB).html == text


async def test_a_sign_that_ends_a_tag_inside_an_address_ends_nothing() -> None:
    stored = await clean('<p><a href="https://far.example/?a>b:blob:">x</a></p>')

    assert "<img" not in with_emoji(stored, BLOB).html


def test_a_code_in_the_words_becomes_a_picture() -> None:
    assert with_emoji(CleanHtml("<p>Hi :blob:!</p>"), BLOB).html == f"<p>Hi {IMAGE}!</p>"


def test_an_address_of_a_picture_breaks_out_of_nothing() -> None:
    shown = with_emoji(CleanHtml(":blob:"), {":blob:": '/"><script>alert(1)</script>'}).html

    assert "<script>" not in shown


def test_only_so_many_pictures_stand_in_one_text() -> None:
    assert with_emoji(CleanHtml(":blob: " * (MOST + 5)), BLOB).html.count("<img") == MOST


def test_what_is_shown_in_part_stays_marked_so() -> None:
    assert with_emoji(CleanHtml(":blob:", is_reduced=True), BLOB).is_reduced
