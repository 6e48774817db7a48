"""The way out: the only door for anything that we tell other servers."""
