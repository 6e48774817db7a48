"""Two nodes on loopback that follow each other: what `make two-nodes` shows and a test runs."""
