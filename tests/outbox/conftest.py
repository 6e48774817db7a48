"""Fixtures of the way out."""

from tests.standing import company, founded

__all__ = ["company", "founded"]
