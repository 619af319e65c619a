"""Runs of the simulation: set up, queued, played by a worker, kept with what they were made of.

What a run plays is frozen when it is made: the model as data, with the calendar of that moment
and the projects then under way. Played again it gives the same, on whatever machine. The
mathematics are in `engine/analysis/simulation/`; who plays queued runs is `engine/simulating.py`.
"""
