"""SIP lines: a pjsua2 softphone in a worker process of its own."""
