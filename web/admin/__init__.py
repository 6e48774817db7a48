"""The administration: one module a concern, each with `register(app)`; acts want a fresh proof (web/proof.py)."""
