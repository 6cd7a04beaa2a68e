"""The SDK's typed parameter classes as a contract: what a request may say, name by name and type by type.

Stripe generates `stripe.params` from its own description of the API, so a parameter that is not there does not exist in
the version that the SDK speaks. The classes call enumerations open (`Literal[...] | str`); here they are closed.
"""

import decimal
import functools
import re
import sys
import types
import typing

import stripe.params
import typing_extensions
from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject

from .errors import RefusalError

WRAPPERS = (typing_extensions.NotRequired, typing_extensions.Required)
METADATA_KEYS, METADATA_KEY_LENGTH, METADATA_VALUE_LENGTH = 50, 40, 500
MAPS = (dict, UntypedStripeObject)
UNIONS = (typing.Union, types.UnionType)


def check_params(name, values):
    """Check the parameters of a request and give them their types.

    :param str name: The class below `stripe.params`, such as `checkout.SessionCreateParams`.
    :param dict values: As `read_form` returns them.
    :return: The same with numbers, truth values and lists.
    :rtype: dict
    :raise RefusalError: With the first parameter that is unknown, missing or of the wrong type.
    """
    return _read_dict(functools.reduce(getattr, name.split("."), stripe.params), values, "")


def _read_dict(kind, values, path):
    if not isinstance(values, dict):
        raise RefusalError(f"Invalid object: {path} must be a hash.", param=path)
    hints = _get_hints(kind)
    result = {}
    for key, value in values.items():
        name = f"{path}[{key}]" if path else key
        if key not in hints:
            raise RefusalError(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
        result[key] = _read(hints[key], value, name)
    for key in sorted(kind.__required_keys__.difference(values)):
        name = f"{path}[{key}]" if path else key
        raise RefusalError(f"Missing required param: {name}.", code="parameter_missing", param=name)
    return result


@functools.cache
def _get_hints(kind):
    """Return the parameters of a class with their types, without what only the SDK reads."""
    options = RequestOptions.__annotations__
    return {key: _resolve(hint, kind) for key, hint in kind.__annotations__.items() if key not in options}


def _resolve(hint, kind):
    """Return a type in which no name is written as text any more."""
    if isinstance(hint, typing.ForwardRef):
        hint = hint.__forward_arg__
    if isinstance(hint, str):
        # The text is the SDK's own source.
        return _resolve(eval(hint, vars(sys.modules[kind.__module__])), kind)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in WRAPPERS:
        return _resolve(arguments[0], kind)
    if origin in UNIONS:
        return typing.Union[tuple(_resolve(argument, kind) for argument in arguments)]  # noqa: UP007
    if origin is list:
        return list[_resolve(arguments[0], kind)]
    if origin in MAPS:
        return dict[str, _resolve(arguments[-1], kind)]
    return hint


def _read(hint, value, path):
    """Return a value as the type wants it."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in UNIONS:
        return _read_union(arguments, value, path)
    if origin is typing.Literal:
        return _read_choice(arguments, value, path)
    if origin is list:
        return _read_list(arguments[0], value, path)
    if origin is dict:
        return _read_map(arguments[1], value, path)
    if typing_extensions.is_typeddict(hint):
        return _read_dict(hint, value, path)
    return _read_leaf(hint, value, path)


def _read_union(options, value, path):
    """Return a value that fits one of several types; an enumeration beside free text counts as closed."""
    if value == "" and any(typing.get_origin(option) is typing.Literal for option in options):
        return value
    literals = [option for option in options if typing.get_origin(option) is typing.Literal]
    if str in options and any(choice for literal in literals for choice in typing.get_args(literal)):
        options = tuple(option for option in options if option is not str)
    refusals = []
    for option in sorted(options, key=lambda option: option is str):
        try:
            return _read(option, value, path)
        except RefusalError as refusal:
            refusals.append(refusal)
    raise refusals[-1] if isinstance(value, str) else refusals[0]


def _read_choice(choices, value, path):
    if value not in choices:
        allowed = ", ".join(str(choice) for choice in choices if choice)
        raise RefusalError(f"Invalid {path}: must be one of {allowed}", param=path)
    return value


def _read_list(hint, value, path):
    if not isinstance(value, dict):
        raise RefusalError(f"Invalid array: {path}", param=path)
    return [_read(hint, item, f"{path}[{key}]") for key, item in value.items()]


def _read_map(hint, value, path):
    if not isinstance(value, dict):
        raise RefusalError(f"Invalid hash: {path}", param=path)
    if path.endswith("metadata]") or path == "metadata":
        _check_metadata(value, path)
    return {key: _read(hint, item, f"{path}[{key}]") for key, item in value.items()}


def _check_metadata(values, path):
    """Keep metadata within Stripe's limits. https://docs.stripe.com/api/metadata"""
    if len(values) > METADATA_KEYS:
        raise RefusalError(f"Metadata can have up to {METADATA_KEYS} keys.", param=path)
    for key, value in values.items():
        if len(key) > METADATA_KEY_LENGTH or len(value) > METADATA_VALUE_LENGTH:
            raise RefusalError(f"Metadata keys and values can be up to 40 and 500 characters: {key}", param=path)


def _read_leaf(hint, value, path):
    if isinstance(value, dict):
        raise RefusalError(f"Invalid string: {path} must not be nested.", param=path)
    if hint is bool:
        if value not in ("true", "false"):
            raise RefusalError(f"Invalid boolean: {value}", param=path)
        return value == "true"
    if hint is int:
        if not re.fullmatch(r"-?\d+", value):
            raise RefusalError(f"Invalid integer: {value}", code="parameter_invalid_integer", param=path)
        return int(value)
    if hint in (float, decimal.Decimal) and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        raise RefusalError(f"Invalid decimal: {value}", param=path)
    return value
