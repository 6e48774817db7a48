"""Whom we hear, show and answer: decisions by host, with their reasons."""
