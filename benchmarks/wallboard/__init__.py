"""What a storm of browsers costs the gateway beside it, and what the storm leaves; how smooth the page is."""
