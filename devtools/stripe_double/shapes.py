"""Answers in the shape that the SDK's classes declare."""

import functools
import typing

KEPT_TO_OURSELVES = "_"


def make(kind, **values):
    """Return an object with every field that the SDK declares: what may be null and is not given is null.

    :param kind: A class of the SDK, such as `stripe.PaymentIntent` or a class inside it.
    :param values: The fields that are known; those that begin with an underscore are never shown.
    :rtype: dict
    :raise KeyError: If a field is missing that Stripe always sends, or given that Stripe does not know.
    """
    required, nullable = _get_fields(kind)
    given = {name for name in values if not name.startswith(KEPT_TO_OURSELVES)}
    wrong = (required - given) | (given - required - nullable - {values.get("type")})
    if wrong:
        raise KeyError(f"{kind.__name__}: {', '.join(sorted(wrong))}")
    return {**dict.fromkeys(sorted(nullable)), **values}


def show(thing):
    """Return what others see of an object, as a copy.

    :param dict thing: An object that `make` made.
    :rtype: dict
    """
    if isinstance(thing, dict):
        return {key: show(value) for key, value in thing.items() if not str(key).startswith(KEPT_TO_OURSELVES)}
    return [show(item) for item in thing] if isinstance(thing, list) else thing


@functools.cache
def _get_fields(kind):
    """Return the names of the fields that are always filled, and of those that may be null."""
    required, nullable = set(), set()
    for name, hint in kind.__annotations__.items():
        if type(None) in typing.get_args(hint):
            nullable.add(name)
        elif typing.get_origin(hint) is not typing.ClassVar:
            required.add(name)
    # Only objects that are gone are deleted; of the parts that a kind has, only the one that is its type is there.
    absent = {"deleted", *_get_choices(kind.__annotations__.get("type"))} - {"card"}
    return frozenset(required), frozenset(nullable - absent)


def _get_choices(hint):
    """Return the values that an enumeration of the SDK names."""
    literals = [part for part in typing.get_args(hint) if typing.get_origin(part) is typing.Literal]
    return [choice for literal in literals for choice in typing.get_args(literal)]
