"""Policy: what a hotline does with a call, what is recorded of it, and who is told."""
