"""How long projects will take: the same procedure, played many times with chance and queues."""
