"""Mail that goes out: composed in the member's language, queued, sent once."""
