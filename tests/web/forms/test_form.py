"""Reading forms: what was typed stays, what is wrong stands beside the field."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from node.errors import Invalid
from web.forms import Form, Message, blank
from web.keeping import Kept, fields_in, keep, packed, unpacked

NAIROBI = ZoneInfo("Africa/Nairobi")


def typed(**values: str) -> Form:
    return Form({name: [value] for name, value in values.items()})


def test_an_empty_required_field_is_named() -> None:
    form = typed(title="  \n ")

    assert (form.text("title", required=True), form.errors) == ("", {"title": Message("Please fill this in.")})


def test_too_long_a_text_says_how_long_it_is() -> None:
    form = typed(title="abcd")

    form.text("title", longest=3)

    text = "Please shorten this to %(longest)s characters; it has %(length)s now."
    assert form.errors == {"title": Message(text, {"longest": 3, "length": 4})}
    assert form.value("title") == "abcd"


def test_lines_end_in_one_way_and_control_characters_go() -> None:
    assert typed(text=" a\r\nb\rc\x00\x1b ").text("text") == "a\nb\nc"


@pytest.mark.parametrize("value", ["", "secret", "PUBLIC", "public "])
def test_a_choice_outside_the_list_is_an_error(value: str) -> None:
    form = typed(visibility=value)

    chosen = form.choice("visibility", {"public", "network"})

    assert (chosen, list(form.errors)) == (("public", []) if value == "public " else ("", ["visibility"]))


def test_no_choice_may_have_a_meaning() -> None:
    form = typed()

    assert (form.choice("visibility", {"public"}, otherwise="public"), form.errors) == ("public", {})


def test_several_choices_keep_their_order_and_come_once() -> None:
    form = Form({"sdg": ["16", "9", "16", "99"]})

    assert (form.choices("sdg", {"9", "16"}), list(form.errors)) == (("16", "9"), ["sdg"])


@pytest.mark.parametrize("value", ["-1", "101", "1.5", "ten", "9" * 40])
def test_a_number_out_of_bounds_is_an_error(value: str) -> None:
    form = typed(count=value)

    assert (form.number("count", least=0, most=100), list(form.errors)) == (None, ["count"])


@pytest.mark.parametrize(("value", "expected"), [("", None), ("0", 0), ("100", 100), ("٤٢", 42)])
def test_a_number_in_any_script_is_read(value: str, expected: int | None) -> None:
    assert typed(count=value).number("count", least=0, most=100) == expected


@pytest.mark.parametrize("value", ["2026-02-30", "18.11.2026", "soon"])
def test_a_day_that_is_none_is_an_error(value: str) -> None:
    form = typed(day=value)

    assert (form.day("day"), list(form.errors)) == (None, ["day"])


def test_a_day_and_a_moment_are_read() -> None:
    form = typed(day="2026-11-18", start="2026-11-18T14:00", end="2026-11-18 15:30")

    assert form.day("day") == date(2026, 11, 18)
    assert form.moment("start", zone=NAIROBI) == datetime(2026, 11, 18, 14, tzinfo=NAIROBI)
    assert form.moment("end", zone=NAIROBI) == datetime(2026, 11, 18, 15, 30, tzinfo=NAIROBI)
    assert form.errors == {}


@pytest.mark.parametrize("value", ["2026-11-18T25:00", "14:00", "tomorrow"])
def test_a_moment_that_is_none_is_an_error(value: str) -> None:
    form = typed(start=value)

    assert (form.moment("start", zone=NAIROBI), list(form.errors)) == (None, ["start"])


def test_what_the_community_refuses_stands_beside_its_field() -> None:
    form = typed(title="x")

    form.take(Invalid({"title": "Too short.", "": "No."}))

    assert form.errors == {"title": Message("Too short."), "": Message("No.")}


def test_a_blank_form_holds_what_it_is_given() -> None:
    form = blank(title="Mats", sdg=["1", "2"])

    assert (form.value("title"), form.values("sdg"), form.value("other")) == ("Mats", ["1", "2"], "")


def test_passwords_and_our_own_fields_are_never_kept() -> None:
    pairs = [("form_token", "a"), ("password", "b"), ("new_password", "c"), ("next", "/"), ("text", "d"), ("empty", "")]

    assert keep(pairs) == (Kept("text", "d"),)


def test_kept_fields_are_bounded() -> None:
    assert len(keep((f"f{number}", "x") for number in range(500))) == 200
    assert keep([("a", "x" * 300_000)]) == ()


@pytest.mark.parametrize("text", ["%", "e30=", "WzFd", "W1sxLCAyLCAzXV0=", "bm90IGpzb24="])
def test_anything_else_unpacks_to_nothing(text: str) -> None:
    assert unpacked(text) == ()


def test_what_is_packed_comes_back() -> None:
    kept = (Kept("text", "ä\n<b>"), Kept("sdg", "1"), Kept("sdg", "2"))

    assert unpacked(packed(kept)) == kept


def test_only_the_fields_that_came_whole_are_read_from_the_start_of_a_form() -> None:
    cut = b"text=Long+thoughts&teaser=on%20mats&place=Town ha"

    assert fields_in(cut, "application/x-www-form-urlencoded", "") == [("text", "Long thoughts"), ("teaser", "on mats")]


def test_a_picture_that_was_cut_off_leaves_the_fields_before_it() -> None:
    cut = (
        b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nMata\xc3\xb2\r\n'
        b'--x\r\nContent-Disposition: form-data; name="picture_1"; filename="a.png"\r\n\r\n\x89PNG aaaa'
    )

    assert fields_in(cut, "multipart/form-data", "x") == [("text", "Mataò")]


@pytest.mark.parametrize(
    ("start", "kind", "boundary"),
    [
        (b"", "multipart/form-data", "x"),
        (b"--x\r\nnonsense", "multipart/form-data", "x"),
        (b"--x\r\n\r\n\r\n--x", "multipart/form-data", "x"),
        (b"--x", "multipart/form-data", ""),
        (b"--x", "multipart/form-data", "ò"),
        (b"%ff=%ff&b", "application/x-www-form-urlencoded", ""),
        (b"a&b", "text/plain", ""),
    ],
)
def test_nonsense_in_a_form_that_was_cut_is_no_failure(start: bytes, kind: str, boundary: str) -> None:
    assert [value for _name, value in fields_in(start, kind, boundary) if value.isascii()] == []
