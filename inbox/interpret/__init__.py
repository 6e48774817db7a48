"""Wire to community: foreign documents become drafts. Pure; nothing here is proven or cleaned."""
