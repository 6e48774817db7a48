"""Ways of telling beside federation: Atom and calendar feeds."""
