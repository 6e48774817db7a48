"""Ways of telling beside federation: letters to members."""
