"""What a join costs: delay and CPU."""
