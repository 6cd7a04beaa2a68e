"""The hosted page of an invoice, on which the customer pays what remains of it, and its PDF."""

import stripe
from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from .amounts import show_amount
from .cards import get_card
from .charging import charge_intent
from .errors import RefusalError
from .invoicing import find_default
from .pages import show_invoice, show_message
from .shapes import make
from .wallet import create_card

CLOSED = {
    "paid": "This invoice is paid",
    "void": "This invoice is void",
    "uncollectible": "This invoice was given up",
}
# The smallest file that readers open: one empty page with the text below.
PDF = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length %d>>stream
%s
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
"""


def answer_invoice(memory, request):
    """Answer a customer who opens an invoice, or pays it.

    :param Memory memory: What is known.
    :param request: Of werkzeug, with a path `/c/invoice/<id>/<token>`, and `/pdf` behind it for the PDF.
    :rtype: werkzeug.wrappers.Response
    """
    invoice = memory.get(stripe.Invoice, request.path.split("/")[3])
    url = invoice["hosted_invoice_url"] or ""
    path = url.removeprefix(memory.address)
    if not url or request.path not in (path, f"{path}/pdf"):
        raise NotFound()
    if request.path.endswith("/pdf"):
        return Response(_make_pdf(invoice), content_type="application/pdf")
    if invoice["status"] != "open":
        return _show(show_message(CLOSED[invoice["status"]], f"{invoice['number']}: there is nothing to pay here."))
    if request.method != "POST":
        return _show(show_invoice(invoice))
    return _pay(memory, request, invoice, url)


def _pay(memory, request, invoice, url):
    intent = memory.objects[find_default(memory, invoice)["payment"]["payment_intent"]]
    try:
        method = create_card(memory, get_card(request.form.get("card") or request.form.get("card_number", "")))
        method["billing_details"]["email"] = invoice["customer_email"]
        is_done = charge_intent(memory, intent, method)
    except RefusalError as refusal:
        return _show(show_invoice(invoice, str(refusal)), 402)
    if is_done:
        return redirect(url, 303)
    question = f"{memory.address}/c/authenticate/{intent['id']}"
    way = {"return_url": url, "url": question}
    action = make(stripe.PaymentIntent.NextAction, type="redirect_to_url", redirect_to_url=way)
    intent.update(next_action=action, status="requires_action")
    return redirect(question, 303)


def _make_pdf(invoice):
    text = f"Test PDF of invoice {invoice['number']}: {show_amount(invoice['total'], invoice['currency'])}"
    safe = text.encode("ascii", "replace").replace(b"(", b"[").replace(b")", b"]").replace(b"\\", b"/")
    content = b"BT /F 12 Tf 20 100 Td (%s) Tj ET" % safe
    return PDF % (len(content), content)


def _show(page, status=200):
    return Response(page, status=status, content_type="text/html; charset=utf-8")
