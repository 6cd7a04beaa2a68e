"""The one way a command of ours fails."""


class CommandError(Exception):
    """What went wrong and what to do about it, in one sentence for the person at the keyboard."""
