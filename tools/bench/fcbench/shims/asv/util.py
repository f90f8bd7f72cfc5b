"""What suites take from asv.util."""
from asv_runner.util import ceildiv, human_float, human_time, terminal_width

__all__ = ["ceildiv", "human_float", "human_time", "terminal_width"]
