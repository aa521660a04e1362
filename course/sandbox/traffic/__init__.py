"""Traffic in virtual time: how much is sent, what carries it, and what became of every request."""
