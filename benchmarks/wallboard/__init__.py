"""What a wallboard that is stormed costs the gateway beside it, and what the storm leaves; how smooth its page is."""
