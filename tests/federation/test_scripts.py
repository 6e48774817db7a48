"""An administrator sees which host is meant."""

import pytest

from federation.scripts import is_mixed_script, unicode_host


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("xn--llowed-2nf.example", "\u0430llowed.example"),  # Cyrillic a
        ("xn--rg-ibcc.example", "\u03bfrg\u03bf.example"),  # Greek omicron
    ],
)
def test_a_lookalike_is_warned_about(host: str, shown: str) -> None:
    """T-77."""
    assert is_mixed_script(host)
    assert unicode_host(host) == shown


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("allowed-1.example", "allowed-1.example"),
        ("xn--bcher-kva.example", "b\u00fccher.example"),
        ("xn--e1afmkfd.example", "\u043f\u0440\u0438\u043c\u0435\u0440.example"),
        ("xn--r8jz45g.example", "\u4f8b\u3048.example"),
        ("localhost:8080", "localhost:8080"),
    ],
)
def test_a_host_in_one_script_is_not(host: str, shown: str) -> None:
    assert not is_mixed_script(host)
    assert unicode_host(host) == shown
