"""What all facts have in common."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """Anything that became true."""
