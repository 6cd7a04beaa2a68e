"""What Stripe answers when it refuses."""


class RefusalError(Exception):
    """A request that is refused, in the shape of Stripe's errors.

    :param str message: What is wrong.
    :param int status: The HTTP status.
    :param str kind: Stripe's `type` of error.
    :param dict extra: Further keys of the error, such as `code`, `param` or `decline_code`.
    """

    def __init__(self, message, *, status=400, kind="invalid_request_error", **extra):
        super().__init__(message)
        self.status = status
        self.error = {"type": kind, "message": message, **{key: value for key, value in extra.items() if value}}

    @property
    def is_saved(self):
        """Whether Stripe answers the same when the request comes again with its idempotency key: what failed before
        anything was done may be tried again.
        """
        return self.status in (402, 500)


def refuse_missing(kind, ref, param="id"):
    """Return the refusal of an id that does not exist."""
    status = 404 if param == "id" else 400
    return RefusalError(f"No such {kind}: '{ref}'", status=status, code="resource_missing", param=param)
