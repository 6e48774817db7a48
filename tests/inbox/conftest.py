"""Fixtures of the way in."""

from tests.standing import company, founded

__all__ = ["company", "founded"]
