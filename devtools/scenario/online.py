"""Customers pay online, with cards of the double: from the mail, in parts, with a saved card; money goes back."""

from ..run import say
from .browser import DESK, PHONE
from .odoo_shell import run_script
from .online_account import open_large_account, save_card
from .online_office import charge_card, refund_part, revoke_link, send_invoice

VISA, NO_FUNDS, ASKING = "4242424242424242", "4000000000009995", "4000002760003184"
ADDRESS = "online@example.com"
# What each invoice of the customer is for, and what the second line of it costs: equal ones look like a mistake.
STORIES = {"mail": 20.0, "declined": 30.0, "parts": 60.0, "card": 40.0, "forwarded": 50.0}
PREPARE = f"""
env = env(user=env.ref("service_billing.demo_user_office"))
customer = env["res.partner"].create({{"name": "Online Hotel", "ref": "online", "email": "{ADDRESS}"}})
parts = [(0, 0, {{"value": "percent", "value_amount": share, "nb_days": days}}) for share, days in ((30, 10), (70, 40))]
term = env["account.payment.term"].sudo().create({{"name": "In Two Parts", "line_ids": parts}})
invoices = env["account.move"].create(
    [
        {{
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_payment_term_id": term.id if story == "parts" else False,
            "invoice_line_ids": [
                (0, 0, {{"name": "Yearly check of the boiler", "price_unit": 240.0}}),
                (0, 0, {{"name": "Filter", "price_unit": price}}),
            ],
        }}
        for story, price in {STORIES}.items()
    ]
)
invoices.action_billing_finalize()
for invoice in invoices[1:]:
    invoice._ensure_pay_token()
env.cr.commit()
"""
CUSTOMER = "account_move move JOIN res_partner customer ON customer.id = move.partner_id AND customer.ref = 'online'"
INVOICES = f"SELECT move.id, move.name, move.billing_pay_token FROM {CUSTOMER} ORDER BY move.id"
CHECK = f"""
customer = env["res.partner"].search([("ref", "=", "online")])
moves = env["account.move"].search([("partner_id", "=", customer.id), ("move_type", "=", "out_invoice")], order="id")
invoices = dict(zip({list(STORIES)}, moves, strict=True))
payments = {{story: sorted(move.transaction_ids.payment_id.mapped("amount")) for story, move in invoices.items()}}
expected = {{"mail": [260.0], "declined": [270.0], "parts": [90.0, 100.0, 110.0], "card": [280.0], "forwarded": []}}
assert payments == expected, f"what came in is not what was paid: {{payments}}"
left = {{story: move.amount_residual for story, move in invoices.items() if move.amount_residual}}
assert left == {{"forwarded": 290.0}}, f"this is left to pay: {{left}}"
refund = invoices["card"].transaction_ids.child_transaction_ids
credit_note = invoices["card"].reversal_move_ids
assert refund.state == "done" and refund.amount == -240.0, "the refund is not done"
assert credit_note.amount_total == 240.0 and not credit_note.amount_residual, "the credit note is not paid out"
assert credit_note == refund.invoice_ids, "the refund belongs to another document"
"""
CLICKS_FROM_THE_MAIL = 2
SECONDS_TO_BE_PAID = 180


def play(browser, machine, database, mailbox):
    """Play what customers and the back office do with payments online.

    :param Browser browser: Chromium.
    :param Machine machine: A machine that is set up.
    :param str database: A demo database that is served with the double beside it.
    :param Mailbox mailbox: Where the firm's mails arrive.
    :raise AssertionError: If a screen or the books do not say what they should.
    """
    run_script(machine, database, PREPARE)
    rows = [line.split("|") for line in machine.postgres.query(INVOICES, database=database).splitlines()]
    ids, numbers, tokens = (dict(zip(STORIES, column, strict=True)) for column in zip(*rows, strict=True))
    links = {story: f"/service/pay/{ids[story]}/{token}" for story, token in tokens.items()}
    with browser.log_in("office", device=DESK) as office, browser.visit(device=PHONE) as customer:
        send_invoice(office, ids["mail"])
        _pay_from_mail(customer, mailbox)
        _pay_after_decline(customer, links["declined"])
        _pay_in_parts(customer, links["parts"])
        save_card(customer, mailbox, ADDRESS)
        charge_card(office, ids["card"])
        refund_part(office)
        with browser.visit(device=PHONE) as stranger:
            _open_forwarded_link(stranger, links["forwarded"], numbers)
            revoke_link(office, ids["forwarded"])
            _use_dead_link(stranger, links["forwarded"])
        mailbox.open(customer, ADDRESS)
        customer.page.get_by_role("link", name="Open the Document").click()
        customer.see(numbers["forwarded"])
    run_script(machine, database, CHECK)
    say("Online: invoices were paid from the mail, in parts and by a saved card; a part of one went back.")
    open_large_account(browser, machine, database)


# === THE CUSTOMER === #


def _pay_from_mail(visit, mailbox):
    """Pay with a new card: not more than the button in the mail and the one on the page lead to the card's page."""
    mailbox.open(visit, ADDRESS)
    visit.take_picture("customer_mail")
    visit.click(visit.page.get_by_role("link", name="Pay"))
    visit.take_picture("customer_link")
    visit.click(visit.page.locator("button.main"))
    visit.page.locator("#card_number").wait_for()
    assert visit.clicks == CLICKS_FROM_THE_MAIL, f"the card's page is {visit.clicks} clicks from the mail"
    visit.page.locator("#card_number").fill(VISA)
    visit.take_picture("customer_card")
    visit.page.locator("button.primary").click()
    _wait_until(visit, "Paid in full")


def _pay_after_decline(visit, path):
    visit.open(path)
    visit.page.locator("button.main").click()
    _choose_card(visit, NO_FUNDS)
    visit.see("insufficient funds")
    visit.take_picture("customer_declined")
    _choose_card(visit, ASKING)
    visit.see("Complete authentication")
    visit.take_picture("customer_bank_asks")
    visit.page.get_by_role("button", name="Complete authentication").click()
    _wait_until(visit, "Paid in full")
    visit.take_picture("customer_paid")


def _pay_in_parts(visit, path):
    """Pay the next instalment, then an amount of one's own, then what is left."""
    visit.open(path)
    visit.see("Next instalment")
    visit.take_picture("customer_instalments")
    _pay_choice(visit, "next")
    _wait_until(visit, "210.00")
    visit.page.locator("#amount").fill("100")
    visit.take_picture("customer_part")
    _pay_choice(visit, "other")
    _wait_until(visit, "110.00")
    visit.take_picture("customer_part_paid")
    _pay_choice(visit, "full")
    _wait_until(visit, "Paid in full")


def _pay_choice(visit, choice):
    visit.page.locator(f"input[name=choice][value={choice}]").check()
    visit.page.locator("button.main").click()
    _choose_card(visit, VISA)


def _choose_card(visit, number):
    visit.page.locator(f"button[name=card][value='{number}']").click()


def _wait_until(visit, text):
    """Load the invoice's page again until it says so: events and jobs take a moment."""
    visit.page.wait_for_url("**/service/pay/**")
    for _second in range(SECONDS_TO_BE_PAID):
        if visit.page.locator("main").get_by_text(text).count():
            return
        visit.page.wait_for_timeout(1000)
        visit.page.reload()
    raise AssertionError(f"after {SECONDS_TO_BE_PAID} s the page does not say {text}")


# === SOMEBODY ELSE === #


def _open_forwarded_link(visit, path, numbers):
    """Open somebody else's link: that invoice is all there is to see."""
    visit.open(path)
    content = visit.page.content()
    seen = [story for story, number in numbers.items() if number in content]
    assert seen == ["forwarded"], f"whoever has a forwarded link sees {seen}"
    assert "4242" not in content, "whoever has a forwarded link sees a saved card"
    visit.open("/service/account")
    visit.see("Your e-mail address")


def _use_dead_link(visit, path):
    """Open a link that was revoked, and have a new one mailed to whom it belongs."""
    visit.open(path)
    visit.see("This link does not work")
    visit.take_picture("stranger_dead_link")
    visit.page.get_by_role("button", name="Request a New Link").click()
    visit.see("Look into your mailbox")
