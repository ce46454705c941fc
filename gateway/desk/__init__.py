"""The desk: who is rung for a customer, who waits, who is served first. Pure: no clock, no IO, no log."""
