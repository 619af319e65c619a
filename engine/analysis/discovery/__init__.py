"""What an event log tells of a process: how long, how often, by whom, when, along which ways."""
