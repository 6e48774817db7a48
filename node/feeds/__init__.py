"""Feeds: what is new as Atom, what is coming as a calendar."""
