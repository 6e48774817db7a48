"""Fault tests with a node in a process of its own: a ledger, a checker, and faults put in at a seam."""
