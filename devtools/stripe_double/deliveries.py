"""Events go to the endpoints: signed, side by side, and as badly as the tests want it."""

import contextlib
import json
import random
import threading
import time
import urllib.request

import stripe

SECONDS_TO_WAIT = 10
SIDE_BY_SIDE = 16
PAUSES = (1, 3, 9)
GOOD = {"is_on": True, "copies": 1, "drop": 0.0, "delay": 0.0, "shuffle": 0.0}


class Deliveries:
    """Sends each event to each endpoint that wants it.

    :param Memory memory: Where endpoints are found.
    :param bool is_on: Whether anything is sent at all.
    """

    def __init__(self, memory, *, is_on):
        self.memory = memory
        self.usual = {**GOOD, "is_on": is_on}
        self.settings = dict(self.usual)
        self._chance = random.Random(1)
        self._places = threading.Semaphore(SIDE_BY_SIDE)

    def send(self, event):
        """Send an event in the background, as the settings say.

        `copies` are sent of it, the share `drop` of all copies is lost, each waits `delay` seconds and up to `shuffle`
        seconds more, so that later ones overtake it.

        :param dict event: As others see it.
        """
        if not self.settings["is_on"]:
            return
        for endpoint in self.memory.find(stripe.WebhookEndpoint, status="enabled"):
            if not {"*", event["type"]}.intersection(endpoint["enabled_events"]):
                continue
            for _copy in range(self.settings["copies"]):
                if self._chance.random() >= self.settings["drop"]:
                    wait = self.settings["delay"] + self._chance.random() * self.settings["shuffle"]
                    self._start(dict(endpoint), event, wait)

    def _start(self, *arguments):
        threading.Thread(target=self._deliver, args=arguments, daemon=True).start()

    def _deliver(self, endpoint, event, wait):
        """Post an event until the endpoint takes it."""
        for pause in (wait, *PAUSES):
            time.sleep(pause)
            with contextlib.suppress(OSError), self._places:
                post_event(endpoint["url"], endpoint["_secret"], event)
                return


def post_event(url, secret, event):
    """Post a signed event.

    :param str url: The endpoint.
    :param str secret: What it is signed with.
    :param dict event: The event.
    :return: The HTTP status.
    :raise OSError: If the endpoint does not take it.
    """
    payload = json.dumps(event)
    header = stripe.WebhookSignature.generate_signature_header(payload, secret)
    headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": header}
    request = urllib.request.Request(url, data=payload.encode(), headers=headers)
    with urllib.request.urlopen(request, timeout=SECONDS_TO_WAIT) as answer:
        return answer.status
