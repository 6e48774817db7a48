"""One verb a file: what an accepted activity does to the community.

A handler runs inside the transaction that also marks the activity as done. It never contacts another server.
"""
