"""A million random calls in virtual time, each checked against every rule."""
