"""The account itself, its webhook endpoints and its events."""

import secrets
import time

import stripe

from ..errors import RefusalError
from ..routes import route
from ..shapes import make


@route("GET", "account", "AccountRetrieveCurrentParams")
def retrieve_account(_memory, _params):
    """Answer with the one account that there is."""
    dashboard = {"display_name": "Pretended Account", "timezone": "Europe/Brussels"}
    return make(
        stripe.Account,
        id="acct_1Double000000000",
        object="account",
        business_profile=make(stripe.Account.BusinessProfile, name="Pretended Account"),
        charges_enabled=True,
        country="BE",
        created=int(time.time()),
        default_currency="eur",
        details_submitted=True,
        email="double@example.com",
        payouts_enabled=True,
        settings={"branding": {}, "card_payments": {}, "dashboard": dashboard, "payments": {}},
        type="standard",
    )


# === WEBHOOK ENDPOINTS === #


@route("POST", "webhook_endpoints", "WebhookEndpointCreateParams")
def create_endpoint(memory, params):
    """Remember where events go; the secret is told once."""
    _check_url(params["url"])
    secret = f"whsec_{secrets.token_hex(16)}"
    endpoint = memory.create(stripe.WebhookEndpoint, "we", status="enabled", _secret=secret, **params)
    return {**endpoint, "secret": secret}


@route("GET", "webhook_endpoints", "WebhookEndpointListParams")
def list_endpoints(memory, params):
    """List where events go."""
    return memory.list(memory.find(stripe.WebhookEndpoint), params)


@route("GET", "webhook_endpoints/{}", "WebhookEndpointRetrieveParams")
def retrieve_endpoint(memory, _params, ref):
    """Answer with one endpoint, without its secret."""
    return memory.get(stripe.WebhookEndpoint, ref)


@route("POST", "webhook_endpoints/{}", "WebhookEndpointUpdateParams")
def update_endpoint(memory, params, ref):
    """Change where events go, or which."""
    endpoint = memory.get(stripe.WebhookEndpoint, ref)
    if "disabled" in params:
        params["status"] = "disabled" if params.pop("disabled") else "enabled"
    if "url" in params:
        _check_url(params["url"])
    endpoint.update(params)
    return endpoint


@route("DELETE", "webhook_endpoints/{}", "WebhookEndpointDeleteParams")
def delete_endpoint(memory, _params, ref):
    """Forget an endpoint."""
    memory.get(stripe.WebhookEndpoint, ref)
    del memory.objects[ref]
    return {"id": ref, "object": "webhook_endpoint", "deleted": True}


def _check_url(url):
    if not url.startswith(("http://", "https://")):
        raise RefusalError("Invalid URL: An explicit scheme (such as https) must be provided.", code="url_invalid")


# === EVENTS === #


@route("GET", "events", "EventListParams")
def list_events(memory, params):
    """List events, newest first."""
    types = params.get("types") or ([params["type"]] if "type" in params else None)
    return memory.list([event for event in memory.events if not types or event["type"] in types], params)


@route("GET", "events/{}", "EventRetrieveParams")
def retrieve_event(memory, _params, ref):
    """Answer with one event."""
    return memory.get(stripe.Event, ref)
