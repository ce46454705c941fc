"""The whole gateway as a process, judged from outside."""
