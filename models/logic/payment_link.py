"""Addresses on which customers pay in a way of the firm's own, such as ``https://paypal.me/firm/{amount}{currency}``."""

from string import Formatter
from urllib.parse import quote, urlsplit

PLACEHOLDERS = frozenset({"amount", "ref", "currency"})
NOT_SECURE, NO_HOST, UNKNOWN_PLACEHOLDER, BAD_BRACES = "not_secure", "no_host", "unknown_placeholder", "bad_braces"


def find_template_error(template: str) -> str:
    """Tell what is wrong with a template of an address.

    >>> find_template_error("https://paypal.me/firm/{amount}{currency}"), find_template_error("http://paypal.me")
    ('', 'not_secure')
    >>> find_template_error("https://{ref}.example.com/"), find_template_error("https://example.com/{customer}")
    ('no_host', 'unknown_placeholder')

    :param str template: What somebody typed.
    :return: One of the constants of this module; empty where it can be used.
    """
    try:
        fields = [part[1:] for part in Formatter().parse(template) if part[1] is not None]
        address = urlsplit(template)
    except ValueError:
        return BAD_BRACES
    if address.scheme != "https":
        return NOT_SECURE
    if not address.hostname or set("{}@\\") & set(address.netloc) or any(char.isspace() for char in template):
        return NO_HOST
    is_plain = all(name in PLACEHOLDERS and not spec and not conversion for name, spec, conversion in fields)
    return "" if is_plain else UNKNOWN_PLACEHOLDER


def fill_template(template: str, **values: str) -> str:
    """Return the address with its values, each written so that it cannot become another part of the address.

    >>> fill_template("https://paypal.me/firm?note={ref}", amount="100.00", ref="INV/2026&1", currency="EUR")
    'https://paypal.me/firm?note=INV%2F2026%261'

    :param str template: One without an error.
    :param str values: `amount`, `ref` and `currency`.
    """
    return template.format(**{name: quote(value, safe="") for name, value in values.items()})
