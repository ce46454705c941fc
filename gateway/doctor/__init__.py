"""What on this machine would stop the gateway, with the cure. Looks, and changes nothing."""
