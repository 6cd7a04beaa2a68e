"""Which function answers which request."""

import re

from .contract import check_params
from .errors import RefusalError
from .shapes import show

ROUTES = []


def route(method, path, params):
    """Have a function answer requests: it gets the memory, the checked parameters and the ids in the path.

    :param str method: Of HTTP.
    :param str path: Below `/v1/`, with `{}` where an id stands.
    :param str params: The SDK's class of the parameters, below `stripe.params`.
    """
    pattern = re.compile("/v1/" + path.replace("{}", "([^/]+)"))

    def register(function):
        ROUTES.append((method, pattern, params, function))
        return function

    return register


def find_route(method, path):
    """Return the function for a request, its parameters' class and the ids in the path; None for what there is not.

    :rtype: tuple | None
    """
    for own_method, pattern, params, function in ROUTES:
        match = pattern.fullmatch(path)
        if match and method == own_method:
            return function, params, match.groups()
    return None


def answer(memory, found, values):
    """Answer a request.

    :param Memory memory: What is known.
    :param tuple found: What `find_route` found.
    :param dict values: The parameters as they were sent.
    :return: The object.
    :rtype: dict
    :raise RefusalError: If Stripe would refuse.
    """
    function, params, ids = found
    checked = check_params(params, values)
    expand = checked.pop("expand", [])
    return expand_all(memory, function(memory, checked, *ids), expand)


def expand_all(memory, thing, paths):
    """Return what others see of an object, with ids replaced by what they stand for.

    :param dict thing: The object.
    :param list[str] paths: Such as `latest_charge.balance_transaction`.
    :rtype: dict
    """
    result = show(thing)
    for path in paths:
        _expand(memory, result, path.split("."))
    return result


def _expand(memory, thing, path):
    if not path:
        return
    name, rest = path[0], path[1:]
    if name not in thing:
        raise RefusalError(f"This property cannot be expanded ({name}).", param="expand")
    if isinstance(thing[name], str) and thing[name] in memory.objects:
        thing[name] = show(memory.objects[thing[name]])
    for child in thing[name] if isinstance(thing[name], list) else [thing[name]]:
        if isinstance(child, dict):
            _expand(memory, child, rest)
