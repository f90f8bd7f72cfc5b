"""Exceptions of plugins."""


class NotRequired(ImportError):
    """A kind of benchmark lacks something and is not wanted."""

    def __init__(self, message=""):
        super().__init__(message)
        self.message = message
