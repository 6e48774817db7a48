"""Other servers, made up: real HTTP on loopback, signed and verified with code of their own.

Nothing in here imports `federation`: a mistake there can't be repeated here and so stay unseen.
"""
