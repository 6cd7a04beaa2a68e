"""Disputes: the customer asks the bank for the money back."""

import stripe

from ..disputing import close_dispute
from ..errors import RefusalError
from ..routes import route

OPEN = ("needs_response", "warning_needs_response")


@route("GET", "disputes/{}", "DisputeRetrieveParams")
def retrieve_dispute(memory, _params, ref):
    """Answer with a dispute."""
    return memory.get(stripe.Dispute, ref)


@route("GET", "disputes", "DisputeListParams")
def list_disputes(memory, params):
    """List disputes, newest first."""
    filters = {name: params[name] for name in ("charge", "payment_intent") if name in params}
    return memory.list(memory.find(stripe.Dispute, **filters), params)


@route("POST", "disputes/{}", "DisputeUpdateParams")
def update_dispute(memory, params, ref):
    """Note evidence, and send it to the bank unless it is only kept."""
    dispute = memory.get(stripe.Dispute, ref)
    if dispute["status"] not in OPEN:
        raise RefusalError("This dispute is already closed or under review.", code="dispute_not_open")
    dispute["evidence"].update(params.get("evidence", {}))
    dispute["metadata"].update(params.get("metadata") or {})
    details = dispute["evidence_details"]
    details["has_evidence"] = any(value for value in dispute["evidence"].values())
    if params.get("submit", True):
        details.update(submission_count=details["submission_count"] + 1, submission_method="manual")
        dispute["status"] = "under_review"
    memory.emit("charge.dispute.updated", dispute)
    return dispute


@route("POST", "disputes/{}/close", "DisputeCloseParams")
def accept_dispute(memory, _params, ref):
    """Give a dispute up."""
    dispute = memory.get(stripe.Dispute, ref)
    close_dispute(memory, dispute, "lost")
    return dispute
