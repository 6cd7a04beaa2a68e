"""The requests of customers: the page of a session, and the bank's question."""

import stripe
from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from .charging import charge_intent
from .errors import RefusalError
from .hosted_invoice import answer_invoice
from .pages import show_challenge, show_checkout, show_message
from .resources.checkout import authenticate, get_session, use_card
from .resources.setup_intents import save_for_setup

GONE = {
    "complete": ("This is done already", "You can close this page."),
    "expired": ("This page has expired", "Go back to the invoice, and start again."),
}


def answer_customer(memory, request):
    """Answer a customer.

    :param Memory memory: What is known.
    :param request: Of werkzeug, with a path below `/c/`.
    :return: A page, or the way to another one.
    :rtype: werkzeug.wrappers.Response
    """
    _empty, _c, kind, ref = [*request.path.split("/"), "", "", ""][:4]
    try:
        if kind == "pay":
            return _answer_checkout(memory, request, get_session(memory, ref))
        if kind == "invoice":
            return answer_invoice(memory, request)
        if kind == "authenticate":
            return _answer_challenge(memory, request, ref)
    except RefusalError as refusal:
        return _show(show_message("There is nothing here", str(refusal)), refusal.status)
    raise NotFound()


def _answer_checkout(memory, request, session):
    if session["status"] != "open":
        return _show(show_message(*GONE[session["status"]]), 410)
    if request.method != "POST":
        return _show(show_checkout(session, session.pop("_error", "")))
    number = request.form.get("card") or request.form.get("card_number", "")
    try:
        is_done = use_card(memory, session, number, is_saved=bool(request.form.get("save")))
    except RefusalError as refusal:
        return _show(show_checkout(session, str(refusal)), 402)
    return redirect(_get_way_back(session) if is_done else f"/c/authenticate/{session['id']}", 303)


def _answer_challenge(memory, request, ref):
    """Let the customer answer the bank, for a session or for an intent that was confirmed without one."""
    if not ref.startswith("cs_"):
        return _answer_challenge_of_intent(memory, request, memory.objects.get(ref))
    session = get_session(memory, ref)
    if session["status"] != "open" or "_method" not in session:
        return _show(show_message(*GONE.get(session["status"], GONE["expired"])), 410)
    if request.method != "POST":
        return _show(show_challenge(memory.objects[session["_method"]]))
    try:
        authenticate(memory, session, is_successful=request.form.get("outcome") == "complete")
    except RefusalError as refusal:
        session["_error"] = str(refusal)
        return redirect(f"/c/pay/{ref}", 303)
    return redirect(_get_way_back(session), 303)


def _answer_challenge_of_intent(memory, request, intent):
    if not intent or intent["status"] != "requires_action":
        return _show(show_message(*GONE["complete"]), 410)
    method = memory.objects[intent["payment_method"]]
    if request.method != "POST":
        return _show(show_challenge(method))
    way_back = intent["next_action"]["redirect_to_url"]["return_url"]
    if request.form.get("outcome") == "complete":
        step = charge_intent if intent["object"] == stripe.PaymentIntent.OBJECT_NAME else save_for_setup
        step(memory, intent, method, is_authenticated=True)
    else:
        intent.update(next_action=None, payment_method=None, status="requires_payment_method")
    return redirect(way_back, 303) if way_back else _show(show_message(*GONE["complete"]))


def _get_way_back(session):
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])


def _show(page, status=200):
    return Response(page, status=status, content_type="text/html; charset=utf-8")
