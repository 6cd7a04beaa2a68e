"""What the double remembers: objects by id, events, requests, and what is to go wrong next."""

import json
import secrets
import string
import threading
import time

import stripe

from .errors import RefusalError, refuse_missing
from .shapes import make, show

LETTERS = string.ascii_letters + string.digits


class Memory:
    """One Stripe account in test mode. Whoever reads or changes it holds `lock`.

    :param on_event: Called with each event, as others see it.
    """

    def __init__(self, on_event=None):
        self.lock = threading.RLock()
        self.on_event = on_event or (lambda event: None)
        self.address = ""
        self.forget()

    def forget(self):
        """Be as on the first day."""
        self.objects, self.events, self.requests = {}, [], []
        self.answers, self.failures = {}, []
        self.settlement = {}
        self.request = {"id": None, "idempotency_key": None}

    def dump(self):
        """Return what is known as text; where events go and what is to go wrong is not kept.

        :rtype: str
        """
        kept = {ref: thing for ref, thing in self.objects.items() if thing["object"] != "webhook_endpoint"}
        return json.dumps(kept)

    def load(self, text):
        """Know what `dump` returned.

        :param str text: As returned.
        """
        self.objects = json.loads(text)
        self.events = self.find(stripe.Event)

    # === OBJECTS === #

    def create(self, kind, prefix, **values):
        """Remember a new object and return it.

        :param kind: The class of the SDK.
        :param str prefix: What Stripe's ids of such objects begin with.
        :param values: Its fields.
        :rtype: dict
        """
        common = {"id": f"{prefix}_{make_token(24)}", "object": kind.OBJECT_NAME, "created": int(time.time())}
        for name, value in (*common.items(), ("livemode", False), ("metadata", {})):
            if name in kind.__annotations__:
                values.setdefault(name, value)
        thing = make(kind, **values)
        self.objects[thing["id"]] = thing
        return thing

    def get(self, kind, ref):
        """Return an object by its id.

        :param kind: The class of the SDK.
        :raise RefusalError: If there is none.
        """
        thing = self.objects.get(ref)
        if not thing or thing["object"] != kind.OBJECT_NAME:
            raise refuse_missing(kind.OBJECT_NAME, ref)
        return thing

    def find(self, kind, **values):
        """Return the objects of a class that have these values, oldest first.

        :rtype: list[dict]
        """
        return [
            thing
            for thing in self.objects.values()
            if thing["object"] == kind.OBJECT_NAME and all(thing.get(name) == value for name, value in values.items())
        ]

    def list(self, things, params):
        """Return a page of objects, newest first, as Stripe's lists are.

        :param list[dict] things: The objects, oldest first.
        :param dict params: May have `created`, `limit`, `starting_after` and `ending_before`.
        :rtype: dict
        """
        newest = [thing for thing in reversed(things) if _is_in_range(thing, params.get("created"))]
        limit = params.get("limit", 10)
        if not 1 <= limit <= 100:
            raise RefusalError(f"Invalid integer: {limit} must be between 1 and 100.", param="limit")
        ids = [thing["id"] for thing in newest]
        start = ids.index(params["starting_after"]) + 1 if params.get("starting_after") in ids else 0
        page = newest[start : start + limit]
        more = start + limit < len(newest)
        return {"object": "list", "data": page, "has_more": more, "url": ""}

    # === EVENTS === #

    def emit(self, name, thing):
        """Tell the world what happened to an object.

        :param str name: The type of the event.
        :param dict thing: The object as it is now.
        """
        event = self.create(
            stripe.Event,
            "evt",
            api_version=stripe.api_version,
            data={"object": show(thing)},
            pending_webhooks=len(self.find(stripe.WebhookEndpoint)),
            request=dict(self.request),
            type=name,
        )
        self.events.append(event)
        self.on_event(show(event))


def make_token(length):
    """Return random letters and digits."""
    return "".join(secrets.choice(LETTERS) for _position in range(length))


def _is_in_range(thing, bounds):
    """Return whether an object was made when it was asked for."""
    if not bounds:
        return True
    if isinstance(bounds, int):
        return thing["created"] == bounds
    created = thing["created"]
    return (
        created >= bounds.get("gte", 0)
        and created > bounds.get("gt", -1)
        and created <= bounds.get("lte", created)
        and created < bounds.get("lt", created + 1)
    )
