"""What the feed costs under load, how soon its subscribers know, and what an outage of the broker does."""
