"""The double beside a demo database that is served."""

import contextlib
import secrets

from .client import running_double

ADDRESS = "http://127.0.0.1:{port}"
WEBHOOK = ADDRESS + "/payment/stripe_checkout/webhook/{provider}"
# Straight in the database, because it is done before each start of the server, and only with the key of the demo data.
CONNECT = """
    UPDATE ir_config_parameter SET value = '{address}' WHERE key = 'web.base.url';
    WITH connected AS (
        UPDATE payment_provider SET billing_stripe_webhook_secret = '{secret}'
         WHERE code = 'stripe_checkout' AND billing_stripe_key = 'sk_test_double' RETURNING id
    ) SELECT id FROM connected
"""


@contextlib.contextmanager
def demo_double(machine, database, *, port, memory=None):
    """Have a double that the firm of the demo takes money with, until the context ends.

    :param Machine machine: A machine that is set up.
    :param str database: A demo database that is not served yet.
    :param int port: Where it will be served.
    :param Path memory: The file in which the double keeps its memory from one start to the next, if any.
    :return: The double, and the environment that leads the server to it.
    :rtype: tuple[DoubleClient, dict]
    """
    secret = f"whsec_{secrets.token_hex(16)}"
    connect = CONNECT.format(address=ADDRESS.format(port=port), secret=secret)
    provider = machine.postgres.query(connect, database=database)
    with running_double(python=machine.places.python, is_sending=True, memory=memory) as double:
        if provider:
            double.connect(url=WEBHOOK.format(port=port, provider=provider), secret=secret)
        yield double, {"STRIPE_API_BASE": double.address}
