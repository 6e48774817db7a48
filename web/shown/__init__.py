"""What pages print: people, posts, records and events, prepared so that templates decide nothing."""
