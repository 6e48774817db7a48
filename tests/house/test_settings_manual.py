"""The manual of settings says what the code does."""

from pathlib import Path

from node.settings import documentation_table

MANUAL = Path(__file__).parents[2] / "deploy" / "SETTINGS.md"


def test_the_manual_lists_every_setting_with_its_default_unit_and_meaning() -> None:
    """A-24: the table of limits in the manual and in the code are the same. Mend it with documentation_table()."""
    text = MANUAL.read_text(encoding="utf-8")

    assert text[text.index("| Setting |") :] == documentation_table()
