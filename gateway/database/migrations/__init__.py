"""The schema of the records' database, one file a version."""
