"""The customer's part: an invoice is paid from its link, with a card of the double, and nobody logs in."""

from ..run import say
from .browser import PHONE
from .odoo_shell import run_script

NO_FUNDS, ASKING = "4000000000009995", "4000002760003184"
# Two invoices of one customer, each with a link of its own, as a mail would lead to it.
PREPARE = """
env = env(user=env.ref("service_billing.demo_user_office"))
customer = env["res.partner"].create({"name": "Online Hotel", "ref": "online", "email": "online@example.com"})
line = {"name": "Yearly check of the boiler", "price_unit": 240.0}
invoices = env["account.move"].create(
    [
        {"move_type": "out_invoice", "partner_id": customer.id, "invoice_line_ids": [(0, 0, line)]}
        for number in range(2)
    ]
)
invoices.action_billing_finalize()
for invoice in invoices:
    invoice._ensure_pay_token()
env.cr.commit()
"""
MOVES = "account_move move JOIN res_partner customer ON customer.id = move.partner_id AND customer.ref = 'online'"
LINKS = f"SELECT move.id, move.billing_pay_token FROM {MOVES} WHERE move.move_type = 'out_invoice' ORDER BY move.id"
PAID = (
    f"SELECT count(*), count(DISTINCT move.id) FROM account_payment payment JOIN ({MOVES}) ON move.id = payment.move_id"
)
SECONDS_TO_BE_PAID = 30


def pay_invoices(browser, machine, database):
    """Pay one invoice after a declined card and a question of the bank, and a part of another.

    :param Browser browser: Chromium.
    :param Machine machine: A machine that is set up.
    :param str database: A demo database that is served with the double beside it.
    :raise AssertionError: If what was paid is not in the books once.
    """
    run_script(machine, database, PREPARE)
    links = [line.split("|") for line in machine.postgres.query(LINKS, database=database).splitlines()]
    whole, part = (f"/service/pay/{number}/{token}" for number, token in links)
    with browser.visit(device=PHONE) as visit:
        _pay_whole(visit, whole)
        _pay_part(visit, part)
    count, total = machine.postgres.query(PAID, database=database).split("|")
    assert count == total == "2", f"two payments were made online, {count} are in the books"
    say("Online: two invoices were paid from their links.")


def _pay_whole(visit, path):
    visit.open(path)
    visit.take_picture("customer_link")
    visit.page.locator("input[name=choice][value=full]").check()
    visit.page.locator("button.main").click()
    _choose_card(visit, NO_FUNDS)
    visit.see("insufficient funds")
    visit.take_picture("customer_declined")
    _choose_card(visit, ASKING)
    visit.see("Complete authentication")
    visit.take_picture("customer_bank_asks")
    visit.page.get_by_role("button", name="Complete authentication").click()
    _wait_until_paid(visit, "Paid in full")
    visit.take_picture("customer_paid")


def _pay_part(visit, path):
    visit.open(path)
    visit.page.locator("#amount").fill("100")
    visit.page.locator("#choice_other").check()
    visit.take_picture("customer_part")
    visit.page.locator("button.main").click()
    visit.see("100.00 EUR")
    visit.page.locator("#card_number").fill("4242 4242 4242 4242")
    visit.take_picture("customer_card")
    visit.page.locator("button.primary").click()
    visit.page.wait_for_url("**/service/pay/**")
    visit.take_picture("customer_part_paid")


def _choose_card(visit, number):
    visit.page.locator(f"button[name=card][value='{number}']").click()


def _wait_until_paid(visit, text):
    """Load the invoice's page again until it says so: events and jobs take a moment."""
    visit.page.wait_for_url("**/service/pay/**")
    for _second in range(SECONDS_TO_BE_PAID):
        if visit.page.get_by_text(text).count():
            return
        visit.page.wait_for_timeout(1000)
        visit.page.reload()
    raise AssertionError(f"after {SECONDS_TO_BE_PAID} s the page does not say {text}")
