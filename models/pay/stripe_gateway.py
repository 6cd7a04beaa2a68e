"""The only place that talks to Stripe: its official package, pinned to one version of the API. No Odoo in here."""

import json
import logging
import os
import threading
import time
from collections import deque
from functools import lru_cache

import stripe

API_VERSION = "2026-10-28.endive"
API_BASE = "STRIPE_API_BASE"
SIGNATURE_TOLERANCE = 300
TEST_PREFIXES = ("sk_test_", "rk_test_")
LIVE_PREFIXES = ("sk_live_", "rk_live_")
# Stripe allows 25 requests a second in test mode; see https://docs.stripe.com/rate-limits.
REQUESTS_PER_SECOND = 20
TIMEOUT = 20
RETRIES = 2
# What another request holds just now; see https://docs.stripe.com/error-codes.
BUSY_CODES = ("lock_timeout", "idempotency_key_in_use", "rate_limit")

# The package writes each request with its address into the log, and sends its own figures to Stripe.
logging.getLogger("stripe").setLevel(logging.WARNING)
stripe.enable_telemetry = False


class StripeGatewayError(Exception):
    """Stripe did not do what it was asked. Its own words are the message, and may be shown."""


class StripeCardError(StripeGatewayError):
    """The card was declined.

    :param str message: What the customer may read.
    :param str code: Stripe's code, such as `card_declined` or `authentication_required`.
    :param str decline_code: The bank's reason, such as `insufficient_funds`; may be empty.
    :param dict object: The PaymentIntent or SetupIntent that was declined; may be empty.
    """

    def __init__(self, message, code, decline_code, object):  # pylint: disable=redefined-builtin
        super().__init__(message)
        self.code = code
        self.decline_code = decline_code
        self.object = object


class StripeLaterError(StripeGatewayError):
    """Nothing is wrong with the request: try the same again later, with the same key."""


class StripeKeyError(StripeGatewayError):
    """Stripe refuses the secret key."""


class StripeConflictError(StripeGatewayError):
    """The idempotency key was used for another request before. Never try again with another key."""


class StripeRefusedError(StripeGatewayError):
    """Stripe refuses the request itself.

    :param str message: Stripe's words.
    :param str code: Stripe's code, such as `amount_too_small`; may be empty.
    :param str param: The parameter that it is about; may be empty.
    """

    def __init__(self, message, code=None, param=None):
        super().__init__(message)
        self.code = code
        self.param = param

    def is_missing(self, param=None):
        """Tell whether it is refused because Stripe does not know, or not any more, what a parameter names.

        See https://docs.stripe.com/error-codes#resource-missing.

        :param str param: Which parameter; the object itself by default.
        :rtype: bool
        """
        return self.code == "resource_missing" and (not param or self.param == param)


class StripeSignatureError(StripeGatewayError):
    """What was received is not signed by Stripe, or not any more."""


class StripeGateway:
    """Requests to one Stripe account. Every answer is a plain dict as Stripe documents it.

    A `resource` is the path of a service in Stripe's package: `payment_intents`, `checkout.sessions`, `refunds`, ...
    """

    def __init__(self, secret_key, *, on_refused=lambda error: None):
        """Choose the account.

        :param str secret_key: The secret or restricted key of the account.
        :param on_refused: Called with the `StripeKeyError` when Stripe refuses the key, before it is raised.
        :raise StripeKeyError: If there is none, or if the environment leads to another server than Stripe's and the
            key is not one for tests: that server would receive it.
        """
        base = os.environ.get(API_BASE) or stripe.DEFAULT_API_BASE
        if not secret_key:
            raise StripeKeyError("There is no secret key.")
        if base != stripe.DEFAULT_API_BASE and not secret_key.startswith(TEST_PREFIXES):
            raise StripeKeyError("Only a test key goes to a server other than Stripe's.")
        self._services = _get_client(secret_key, base).v1
        self._pace = _get_pace(secret_key)
        self._on_refused = on_refused

    def create(self, resource, params, *, key, verb="create"):  # pylint: disable=method-required-super
        """Create an object.

        :param str key: The idempotency key: asked again with it, Stripe answers what it answered before.
        :param str verb: What creating such an object is called.
        :rtype: dict
        :raise StripeGatewayError: One of the errors above.
        """
        return self._call(self._find(resource, verb), params, {"idempotency_key": key})

    def retrieve(self, resource, ref=None, params=None):
        """Read an object as it is now.

        :param str ref: Its id; without one, what belongs to the account itself.
        :rtype: dict
        :raise StripeGatewayError: One of the errors above.
        """
        if ref is None and resource == "accounts":
            return self._call(self._find(resource, "retrieve_current"), params or {}, {})
        refs = () if ref is None else (ref,)
        return self._call(self._find(resource, "retrieve"), *refs, params or {}, {})

    def list(self, resource, params):
        """Read all objects that the parameters choose, the newest first, page by page.

        :rtype: iterator of dict
        :raise StripeGatewayError: One of the errors above.
        """
        params = {"limit": 100, **params}
        while True:
            page = self._call(self._find(resource, "list"), params, {})
            yield from page["data"]
            if not page["has_more"]:
                return
            params["starting_after"] = page["data"][-1]["id"]

    def act(self, resource, verb, ref, params=None, *, key=None):
        """Do something with an object: `expire`, `cancel`, `update`, `detach`, `delete`, ...

        :param str key: The idempotency key; none where doing it twice is the same as once.
        :return: The object.
        :rtype: dict
        :raise StripeGatewayError: One of the errors above.
        """
        options = {"idempotency_key": key} if key else {}
        return self._call(self._find(resource, verb), ref, params or {}, options)

    def _find(self, resource, verb):
        service = self._services
        for name in resource.split("."):
            service = getattr(service, name)
        return getattr(service, verb)

    def _call(self, method, *args):
        self._pace.wait()
        try:
            return method(*args).to_dict()
        except stripe.StripeError as error:
            translated = _translate(error)
            if isinstance(translated, StripeKeyError):
                self._on_refused(translated)
            raise translated from error


class _Pace:
    """Keeps one process below the number of requests a second that Stripe allows."""

    def __init__(self):
        self._lock = threading.Lock()
        self._recent = deque(maxlen=REQUESTS_PER_SECOND)

    def wait(self):
        with self._lock:
            is_full = len(self._recent) == REQUESTS_PER_SECOND
            pause = self._recent[0] + 1 - time.monotonic() if is_full else 0
            if pause > 0:
                time.sleep(pause)
            self._recent.append(time.monotonic())


def read_event(body: bytes, signature: str | None, secret: str | None) -> dict:
    """Read an event that Stripe posted, once its signature is found to be right and not older than five minutes.

    :param body: What was posted, byte for byte.
    :param signature: The header `Stripe-Signature`.
    :param secret: The secret of the webhook; without one nothing is believed.
    :raise StripeSignatureError: If it is not signed with the secret, or is no event.
    """
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret or None, SIGNATURE_TOLERANCE)
        event = json.loads(body)
        if event["object"] != "event" or not event["data"]["object"]["id"]:
            raise StripeSignatureError("This is no event of an object.")
    except (stripe.SignatureVerificationError, ValueError, TypeError, KeyError) as error:
        raise StripeSignatureError("The signature is wrong.") from error
    return event


def is_at_stripe() -> bool:
    """Tell whether requests go to Stripe itself, and not where the environment leads."""
    return os.environ.get(API_BASE, stripe.DEFAULT_API_BASE) in ("", stripe.DEFAULT_API_BASE)


def is_test_key(secret_key: str | None) -> bool:
    """Tell whether a key moves no money.

    >>> is_test_key("sk_test_123"), is_test_key("sk_live_123")
    (True, False)
    """
    return (secret_key or "").startswith(TEST_PREFIXES)


@lru_cache(maxsize=32)
def _get_client(secret_key, base):
    return stripe.StripeClient(
        secret_key,
        stripe_version=API_VERSION,
        base_addresses={"api": base},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
    )


@lru_cache(maxsize=32)
def _get_pace(_secret_key):
    return _Pace()


def _translate(error):
    """Return the error of ours for one of Stripe's package.

    :rtype: StripeGatewayError
    """
    message = error.user_message or "Stripe gave no reason."
    details = error.error.to_dict() if error.error else {}
    if isinstance(error, stripe.CardError):
        declined = details.get("payment_intent") or details.get("setup_intent") or {}
        return StripeCardError(message, error.code, details.get("decline_code"), declined)
    if isinstance(error, stripe.APIConnectionError):
        return StripeLaterError("Stripe cannot be reached.")
    if isinstance(error, stripe.RateLimitError) or error.code in BUSY_CODES:
        return StripeLaterError(message)
    if isinstance(error, stripe.IdempotencyError):
        return StripeConflictError(message)
    if isinstance(error, stripe.AuthenticationError):
        return StripeKeyError(message)
    if error.http_status and error.http_status >= 500:
        return StripeLaterError(message)
    return StripeRefusedError(message, error.code, details.get("param"))
