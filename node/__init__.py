"""The community: people, practices, events, posts, trust, and the journal of what happened."""
