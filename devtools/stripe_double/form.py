"""Stripe's way to write nested values in a form: `line_items[0][price_data][currency]=eur`."""

import re
from urllib.parse import parse_qsl


def read_form(text):
    """Return the nested values of an encoded form; lists stay dictionaries by position, every leaf is a string.

    >>> read_form("a[0][b]=1&c=2")
    {'a': {'0': {'b': '1'}}, 'c': '2'}

    :param str text: The body or the query of a request.
    :rtype: dict
    """
    values = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        *path, last = re.findall(r"[^\[\]]+", name)
        place = values
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return values
