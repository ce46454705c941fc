"""What the desk costs: many agents, many who wait."""
