"""What a report over a month of calls costs: a database of them, and the real command run on it."""
