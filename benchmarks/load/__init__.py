"""A whole gateway under callers with real RTP both ways: are all of them served, in time, and at what cost."""
