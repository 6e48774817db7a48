"""The two databases: what tortoise's clients need so that nothing leaks and nobody waits."""
