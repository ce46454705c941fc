"""What is in the package: the locks, the native libraries."""
