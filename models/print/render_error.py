"""What can go wrong while printing; the caller says it in the user's words."""


class RenderError(Exception):
    """The browser could not print the documents."""


class BrowserMissingError(RenderError):
    """No usable browser is installed."""


class RenderTimeoutError(RenderError):
    """The documents were not printed before the deadline."""
