"""The pages that customers see: they say that they are for tests."""

from html import escape

from .amounts import show_amount
from .cards import CARDS

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} (test page)</title>
<style>
body {{ margin: 0; background: #f4f5f7; color: #1a1f36; font: 16px/1.5 system-ui, sans-serif }}
main {{ max-width: 30rem; margin: 2rem auto; padding: 1.5rem 2rem 2rem; background: #fff; border-radius: 8px }}
h1 {{ font-size: 1.6rem; margin: 1rem 0 0 }}
h2 {{ font-size: 1rem; margin: 1.5rem 0 .5rem }}
button {{ display: flex; gap: 1rem; align-items: center; justify-content: space-between; box-sizing: border-box;
  width: 100%; min-height: 44px; margin: .4rem 0; padding: .5rem 1rem; border: 1px solid #5a6072; border-radius: 6px;
  background: #fff; color: inherit; font: inherit; text-align: left }}
button.primary {{ background: #4338ca; color: #fff; justify-content: center }}
input[type=text] {{ box-sizing: border-box; width: 100%; min-height: 44px; padding: .5rem; border: 1px solid #5a6072;
  border-radius: 6px; font: inherit }}
.test {{ margin: 0; padding: .6rem 2rem; background: #ffe08a; text-align: center; font-weight: 600 }}
.error {{ padding: .6rem 1rem; border: 2px solid #b00020; border-radius: 6px; color: #b00020 }}
.note {{ color: #4a5065 }}
small {{ color: #4a5065; font-family: monospace; font-size: .85rem }}
</style>
</head>
<body>
<p class="test" role="note">Test page: no card is charged, no money moves.</p>
<main>
{content}
</main>
</body>
</html>
"""
CHECKOUT = """{error}
<p class="note">{title}</p>
<h1>{amount}</h1>
<form method="post">
<h2><label for="card_number">Number of a test card</label></h2>
<input type="text" id="card_number" name="card_number" inputmode="numeric" autocomplete="off"
 placeholder="4242 4242 4242 4242">
{saving}
<button class="primary" type="submit" name="card" value="">{verb}</button>
<h2>Or choose what is to happen</h2>
{buttons}
</form>
{cancel}"""
BUTTON = '<button type="submit" name="card" value="{number}">{title} <small>{number}</small></button>'
SAVE_BOX = '<p><label><input type="checkbox" name="save" value="1"> Save this card for later payments</label></p>'
SAVED = '<p class="note">The card will be saved for later payments.</p>'
CHALLENGE = """<h1>3-D Secure</h1>
<p>The bank of card {number} wants to know whether it is you who pays.</p>
<form method="post">
<button class="primary" type="submit" name="outcome" value="complete">Complete authentication</button>
<button type="submit" name="outcome" value="fail">Fail authentication</button>
</form>"""
MESSAGE = "<h1>{title}</h1><p>{text}</p>"


def show_checkout(session, error=""):
    """Return the page of an open session.

    :param dict session: The session.
    :param str error: What the bank said to the last attempt.
    :rtype: str
    """
    is_payment = session["mode"] == "payment"
    amount = show_amount(session["amount_total"], session["currency"]) if is_payment else "Save a card"
    cancel = session["cancel_url"]
    content = CHECKOUT.format(
        amount=amount,
        buttons="\n".join(BUTTON.format(number=card.number, title=escape(card.title)) for card in CARDS),
        cancel=f'<p><a href="{escape(cancel)}">Cancel and go back</a></p>' if cancel else "",
        error=f'<p class="error" role="alert">{escape(error)}</p>' if error else "",
        saving=_get_saving(session),
        title=escape(session["_title"]),
        verb=f"Pay {amount}" if is_payment else "Save",
    )
    return PAGE.format(title=f"Pay {amount}" if is_payment else amount, content=content)


def show_invoice(invoice, error=""):
    """Return the page of an open invoice: its lines, and what remains to be paid.

    :param dict invoice: The invoice.
    :param str error: What the bank said to the last attempt.
    :rtype: str
    """
    amount = show_amount(invoice["amount_remaining"], invoice["currency"])
    lines = [(line["description"], line["amount"]) for line in invoice["lines"]["data"]]
    rows = [*lines, ("Total", invoice["total"]), ("Paid", -invoice["amount_paid"])]
    items = "".join(
        f"<li>{escape(text)}: {show_amount(value, invoice['currency'])}</li>" for text, value in rows if value
    )
    content = CHECKOUT.format(
        amount=amount,
        buttons="\n".join(BUTTON.format(number=card.number, title=escape(card.title)) for card in CARDS),
        cancel=f"<h2>What it is for</h2><ul>{items}</ul>",
        error=f'<p class="error" role="alert">{escape(error)}</p>' if error else "",
        saving="",
        title=escape(f"Invoice {invoice['number']}"),
        verb=f"Pay {amount}",
    )
    return PAGE.format(title=f"Pay {amount}", content=content)


def _get_saving(session):
    if session["mode"] == "setup" or session["_intent"].get("setup_future_usage"):
        return SAVED
    options = session["saved_payment_method_options"] or {}
    return SAVE_BOX if options.get("payment_method_save") == "enabled" else ""


def show_challenge(method):
    """Return the page on which the bank asks for the customer.

    :param dict method: The card.
    :rtype: str
    """
    return PAGE.format(title="3-D Secure", content=CHALLENGE.format(number=f"•••• {method['card']['last4']}"))


def show_message(title, text):
    """Return a page that only says something.

    :rtype: str
    """
    return PAGE.format(title=escape(title), content=MESSAGE.format(title=escape(title), text=escape(text)))
