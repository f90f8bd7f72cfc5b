"""fcbench: lists an ASV benchmark suite and times it one process at a time.

Needs nothing but the standard library; `__main__.py` is the way in.
"""

FORMAT = 2
