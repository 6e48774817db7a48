"""Fixtures of a node that stands still."""

from tests.standing import company, founded

__all__ = ["company", "founded"]
