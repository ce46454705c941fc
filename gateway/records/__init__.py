"""Call records: on disk from the first ring, judged clause by clause."""
