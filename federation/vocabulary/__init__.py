"""The words of ActivityPub: what was said to us as typed values, what we say as plain JSON. Pure."""
