"""Posting to a server that a user named: not to our own network, not to another address than the checked one."""

import ipaddress
import socket
from urllib.parse import urlsplit

import certifi
import urllib3

CONNECT_SECONDS, READ_SECONDS = 5, 10
PORTS = {"http": 80, "https": 443}


class WebhookError(Exception):
    """The message was not delivered; the sentence says why."""


def is_webhook_url(url):
    """Tell whether a URL is one to which a message can be posted.

    :param str url: What the user typed.
    :rtype: bool
    """
    try:
        parts = urlsplit(url)
        return parts.scheme in PORTS and bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        return False


def post_webhook(url, body, headers, *, allow_private=False):
    """Post a message. The name is looked up once, and the connection goes to the address that was checked: a name
    that changes its address in between leads nowhere. Redirects are not followed.

    :param str url: Where to, http or https.
    :param bytes body: The message.
    :param dict headers: Headers besides the host.
    :param bool allow_private: Whether loopback and private addresses are fine.
    :raise WebhookError: If nobody answers, or with anything but success.
    """
    parts = urlsplit(url)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    headers = {"Host": parts.netloc, **headers}
    with _get_pool(parts, _get_address(parts, allow_private=allow_private)) as pool:
        try:
            response = pool.urlopen("POST", path, body=body, headers=headers, redirect=False, preload_content=False)
        except urllib3.exceptions.HTTPError as error:
            raise WebhookError(f"No answer: {type(error).__name__}.") from error
        response.close()
    if not 200 <= response.status < 300:
        raise WebhookError(f"The server answered {response.status}.")


def _get_pool(parts, address):
    """Return connections to an address, on which the server proves the name of the URL."""
    port = parts.port or PORTS[parts.scheme]
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, timeout=timeout, retries=False)
    return urllib3.HTTPSConnectionPool(
        address,
        port,
        timeout=timeout,
        retries=False,
        server_hostname=parts.hostname,
        assert_hostname=parts.hostname,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
    )


def _get_address(parts, *, allow_private):
    """Return the address to connect to.

    :raise WebhookError: If there is none, or one of them is not for everybody.
    """
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or PORTS[parts.scheme], type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise WebhookError(f"{parts.hostname} has no address.") from error
    addresses = [ipaddress.ip_address(sockaddr[0].partition("%")[0]) for *_family, sockaddr in found]
    if not allow_private and not all(_is_public(address) for address in addresses):
        raise WebhookError(f"{parts.hostname} is not a public address.")
    return str(addresses[0])


def _is_public(address):
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_global and not address.is_multicast
