"""People: who answers and when he was there, who calls and what is known of his number."""
