"""What people ask of the gateway over the feed, who may, and that each is done once."""
