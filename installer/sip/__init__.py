"""SIP without I/O: messages, digest, transactions, registration flow, where to send."""
