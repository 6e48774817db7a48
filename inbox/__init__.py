"""The way in: the only door for anything foreign, pushed or pulled."""
