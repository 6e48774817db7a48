"""Only plain addresses are taken (T-91, V-M32)."""

import pytest

from node.errors import Invalid
from node.text.address import parse_address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "a%evil.test@ok.test",
        '"x"@ok.test',
        "a,b@ok.test",
        "a@ok.test,b@ok.test",
        "a;b@ok.test",
        "a b@ok.test",
        "a@ok.test\r\nBcc: b@evil.test",
        "a@ok.test\n",
        "a@b@ok.test",
        "ä@ok.test",
        "a@ök.test",
        "A\u212a@ok.test",
        "a(comment)@ok.test",
        "<a@ok.test>",
        "a@[127.0.0.1]",
        "a@localhost",
        "a@ok..test",
        "a@-ok.test",
        "a@ok.123",
        ".a@ok.test",
        "a.@ok.test",
        "a..b@ok.test",
        "a" * 65 + "@ok.test",
        "a@" + "b" * 64 + ".test",
        "a@" + "b.c" * 107 + ".test",
        "a@ok.test\x00",
    ],
)
def test_an_address_that_mail_servers_may_read_differently_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_address(text)

    assert list(refused.value.fields) == ["email"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" Amina.Otieno+list@Network.Example ", "amina.otieno+list@network.example"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ("a_b-c@sub.ok.test", "a_b-c@sub.ok.test"),
    ],
)
def test_a_plain_address_is_kept_in_lower_case(text: str, expected: str) -> None:
    assert parse_address(text) == expected
