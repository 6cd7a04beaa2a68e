"""The double from outside: started as a process of its own, and its remote control."""

import contextlib
import json
import os
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS_TO_WAIT = 20


class DoubleClient:
    """What tests and people do with a double that runs.

    :param str address: Such as `http://127.0.0.1:12111`.
    """

    def __init__(self, address):
        self.address = address

    def __getattr__(self, name):
        """Return a method of the remote control: `devtools/stripe_double/control.py` lists them."""
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *arguments, **values: self._ask(name, arguments, values)

    def _ask(self, name, arguments, values):
        names = {"fail_next": ("kind", "times"), "close_dispute": ("ref", "status"), "find": ("kind",)}.get(name)
        body = json.dumps({**dict(zip(names or ("ref", "amount"), arguments, strict=False)), **values}).encode()
        request = urllib.request.Request(
            f"{self.address}/_double/{name}", data=body, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=SECONDS_TO_WAIT) as answer:
            return json.loads(answer.read())

    def pay(self, url, card, *, save=False, authenticate=True):
        """Do what the customer does on the page of a session, and answer the bank if it asks.

        :param str url: Of the session.
        :param str card: The number of a test card.
        :param bool save: Whether the box is ticked.
        :param bool authenticate: Whether the customer passes the bank's question.
        :return: Where the customer is led after success; empty when the card was refused or the page is closed.
        :rtype: str
        """
        url = url.split("#")[0]
        target = self._post(url, {"card_number": card, **({"save": "1"} if save else {})})
        if "/c/authenticate/" in target:
            target = self._post(target, {"outcome": "complete" if authenticate else "fail"})
        return "" if "/c/" in target else target

    def _post(self, url, values):
        """Post a form, and return where the answer leads."""
        opener = urllib.request.build_opener(_StayHere())
        try:
            with opener.open(url, urllib.parse.urlencode(values).encode(), timeout=SECONDS_TO_WAIT) as answer:
                return urllib.parse.urljoin(url, answer.headers.get("Location", ""))
        except urllib.error.HTTPError as error:
            location = error.headers.get("Location")
            return urllib.parse.urljoin(url, location) if location else ""


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Does not follow: where the answer leads belongs to someone else."""

    def redirect_request(self, *_arguments):
        """Return nothing, so that the answer itself is returned."""


@contextlib.contextmanager
def running_double(*, python=sys.executable, port=0, is_sending=False, memory=None):
    """Have a double as a process of its own, until the context ends.

    :param python: The Python that has the add-on's packages.
    :param int port: Where it listens; any free port by default.
    :param bool is_sending: Whether it sends events to the webhooks that are registered.
    :param Path memory: The file in which it keeps its memory when it ends, if any.
    :rtype: DoubleClient
    """
    options = ["--attached", "--port", str(port), *(["--send"] if is_sending else [])]
    options += ["--memory", str(memory)] if memory else []
    process = subprocess.Popen(
        [str(python), "-m", "devtools.stripe_double", *options],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield DoubleClient(process.stdout.readline().strip())
    finally:
        process.communicate()
