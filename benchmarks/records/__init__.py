"""What telling a fact costs the call, how soon it is safe and in the database, and what an outage does."""
