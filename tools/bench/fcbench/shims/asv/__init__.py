"""Stand-in for asv itself; see the one for asv_runner."""

__version__ = "0.6.1"
