"""The documentation of the settings, made from the settings themselves."""

from dataclasses import dataclass, fields

from node.settings.fields import Settings

PREFIX = "TALANOA_"


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One line of the documentation of settings."""

    name: str
    default: str
    unit: str
    meaning: str


def documentation() -> tuple[SettingRow, ...]:
    """Return one row for each setting, in order; a test compares the manual with it."""
    return tuple(
        SettingRow(
            name=PREFIX + known.name.upper(),
            default=_shown(known.default),
            unit=str(known.metadata["unit"]),
            meaning=str(known.metadata["meaning"]),
        )
        for known in fields(Settings)
    )


def documentation_table() -> str:
    """Return the Markdown table that stands in deploy/README.md."""
    lines = ["| Setting | Default | Unit | Meaning |", "| --- | --- | --- | --- |"]
    for row in documentation():
        default = f"`{row.default}`" if row.default else ""
        lines.append(f"| `{row.name}` | {default} | {row.unit} | {row.meaning} |")
    return "\n".join(lines) + "\n"


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, tuple):
        return ",".join(str(part) for part in default)
    return "" if default is None else str(default)
