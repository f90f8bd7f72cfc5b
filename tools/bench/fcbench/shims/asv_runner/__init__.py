"""Stand-in for asv_runner: only what benchmark suites import. Used where the
real package is absent, as its folder is last on sys.path."""

__version__ = "0.2.1"
