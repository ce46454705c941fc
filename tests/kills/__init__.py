"""A gateway's records killed again and again in the middle of traffic, and what is on disk afterwards."""
