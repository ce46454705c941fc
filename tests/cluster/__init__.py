"""Three gateways behind a Kamailio, one PostgreSQL, one broker: what is lost when one dies, and what not."""
