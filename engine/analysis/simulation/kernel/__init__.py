"""The compiled part: tokens, queues and calendars over plain arrays, for any diagram.

Everything here is compiled by numba and knows nothing of Python objects. `program.py` lays a
Model out as the arrays of `records.py`; `advance.py` plays it.
"""
