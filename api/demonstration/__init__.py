"""A demonstration city: people of every role, and projects at every age.

Nothing is written behind the services' back. The days are simulated, the rules are real: what
is late in the demonstration is late because its task was answered after its due day.
"""
