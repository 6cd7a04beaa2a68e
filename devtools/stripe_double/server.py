"""The double as a web server on this machine: Stripe's API, the customers' pages and the remote control."""

import contextlib
import json
import socket

import stripe
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from . import resources  # noqa: F401 (registers the routes)
from .control import Control
from .deliveries import Deliveries
from .errors import RefusalError
from .form import read_form
from .hosted import answer_customer
from .memory import Memory, make_token
from .routes import answer, find_route

HOST = "127.0.0.1"
TEST_KEYS = ("sk_test_", "rk_test_")
REFUSED_KEY = "refused"
FAILURES = {
    "server": RefusalError("Something went wrong on our side.", status=500, kind="api_error"),
    "rate_limit": RefusalError("Request rate limit exceeded.", status=429, code="rate_limit"),
    "key": RefusalError("Invalid API Key provided: sk_test_***", status=401),
}


class Double:
    """The application.

    :param bool is_sending: Whether events are sent to the endpoints that are registered.
    """

    def __init__(self, *, is_sending=False):
        self.memory = Memory()
        self.deliveries = Deliveries(self.memory, is_on=is_sending)
        self.memory.on_event = self.deliveries.send
        self.control = Control(self.memory, self.deliveries)

    def __call__(self, environ, start_response):
        """Answer a request, as WSGI wants it."""
        request = Request(environ)
        try:
            response = self._dispatch(request)
        except HTTPException as error:
            response = error
        return response(environ, start_response)

    def _dispatch(self, request):
        if request.path.startswith("/c/"):
            with self.memory.lock:
                return answer_customer(self.memory, request)
        if request.path.startswith("/_double/"):
            return self._answer_control(request)
        if not request.path.startswith("/v1/"):
            raise NotFound()
        with self.memory.lock:
            return self._answer_api(request)

    def _answer_control(self, request):
        try:
            with self.memory.lock:
                result = self.control.answer(request.path.split("/")[2], request.get_json(silent=True) or {})
        except RefusalError as refusal:
            return _say({"error": refusal.error}, refusal.status)
        return _say(result)

    # === API === #

    def _answer_api(self, request):
        """Answer a request of the SDK, once for each idempotency key."""
        text = request.get_data(as_text=True) or request.query_string.decode()
        key = request.headers.get("Idempotency-Key")
        log = {"method": request.method, "path": request.path, "params": read_form(text), "key": key}
        failure = self._take_failure(request.path)
        try:
            self._check_request(request, failure)
            replayed = self._get_replay(key, request, text)
            status, body = replayed or self._perform(request, key, text)
        except RefusalError as refusal:
            replayed, status, body = None, refusal.status, {"error": refusal.error}
        self.memory.requests.append({**log, "status": status, "replayed": bool(replayed), "failure": failure})
        if failure in ("cut", "lost"):
            _hang_up(request)
        return _say(body, status, {"Idempotent-Replayed": "true"} if replayed else {})

    def _take_failure(self, path):
        """Return the failure that is planned for this request, which is then over."""
        for number, (kind, prefix) in enumerate(self.memory.failures):
            if path.startswith(prefix):
                del self.memory.failures[number]
                return kind
        return None

    def _check_request(self, request, failure):
        """Refuse a request before it is looked at."""
        if failure in FAILURES:
            raise FAILURES[failure]
        if failure == "cut":
            raise RefusalError("Nobody reads this.", status=503)
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not key.startswith(TEST_KEYS) or REFUSED_KEY in key:
            raise RefusalError("Invalid API Key provided: the double takes test keys.", status=401)
        version = request.headers.get("Stripe-Version")
        if version != stripe.api_version:
            raise RefusalError(f"The double speaks {stripe.api_version}, not {version}.", param="Stripe-Version")

    def _get_replay(self, key, request, text):
        """Return the answer that the idempotency key has already."""
        fingerprint = (request.method, request.path, text)
        known, status, body = self.memory.answers.get(key, (fingerprint, None, None))
        if known != fingerprint:
            raise RefusalError(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{key}' if you meant to execute a different request.",
                kind="idempotency_error",
            )
        return (status, body) if status else None

    def _perform(self, request, key, text):
        """Do what is asked, and remember the answer for the key.

        :return: The status and the body.
        :rtype: tuple[int, dict]
        """
        found = find_route(request.method, request.path)
        if not found:
            raise RefusalError(f"Unrecognized request URL ({request.method}: {request.path}).", status=404)
        self.memory.request = {"id": f"req_{make_token(14)}", "idempotency_key": key}
        try:
            status, body = 200, answer(self.memory, found, read_form(text))
            if body["object"] == "list":
                body["url"] = request.path
        except RefusalError as refusal:
            if not refusal.is_saved:
                raise
            status, body = refusal.status, {"error": refusal.error}
        if key and request.method == "POST":
            self.memory.answers[key] = ((request.method, request.path, text), status, body)
        return status, body


def _say(body, status=200, headers=None):
    return Response(json.dumps(body), status=status, headers=headers, content_type="application/json")


def _hang_up(request):
    """End the connection without an answer."""
    with contextlib.suppress(OSError):
        request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)


class _QuietHandler(WSGIRequestHandler):
    """Writes nothing about requests: they carry keys."""

    def log(self, type, message, *args):
        """Say nothing."""


def make_double(port, *, is_sending=False):
    """Return a server that is ready to serve, on this machine only.

    :param int port: Where it listens; 0 for any free one.
    :param bool is_sending: Whether events are sent.
    :rtype: werkzeug.serving.BaseWSGIServer
    """
    double = Double(is_sending=is_sending)
    server = make_server(HOST, port, double, threaded=True, request_handler=_QuietHandler)
    double.memory.address = f"http://{HOST}:{server.port}"
    return server
