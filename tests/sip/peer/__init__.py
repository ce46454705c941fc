"""A small SIP and RTP user agent for tests, sharing no code with the product."""
