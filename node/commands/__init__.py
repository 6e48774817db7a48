"""Command-line verbs that need only the community."""
