"""The customer's account area: opened with a code from the mail, or logged in."""

import re

from ..run import say
from .browser import DESK, PHONE
from .odoo_shell import run_script

VISA = "4242424242424242"
# The customer who has a log-in owes very much, in two currencies.
EUROS, DOLLARS = 480, 20
PREPARE = f"""
from devtools.invoice_copies import copy_invoice
env = env(user=env.ref("service_billing.demo_user_office"))
customer = env.ref("service_billing.demo_user_customer").partner_id
env.ref("base.USD").sudo().active = True
invoices = env["account.move"].create(
    [
        {{
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "currency_id": env.ref("base." + currency).id,
            "invoice_line_ids": [(0, 0, {{"name": "Inspection of a boiler room", "price_unit": price}})],
        }}
        for currency, price in (("EUR", 62.5), ("USD", 40.0))
    ]
)
invoices.action_billing_finalize()
for invoice, count in zip(invoices, ({EUROS}, {DOLLARS})):
    copy_invoice(env, invoice, count - 1)
env.cr.commit()
"""
OPEN = """
    SELECT count(*), sum(move.amount_residual) FROM account_move move
      JOIN res_users customer ON customer.partner_id = move.partner_id AND customer.login = 'customer'
      JOIN res_currency currency ON currency.id = move.currency_id AND currency.name = '{currency}'
     WHERE move.move_type = 'out_invoice' AND move.state = 'posted' AND move.amount_residual > 0
"""
PAYMENTS = """
    SELECT count(*), sum(payment.amount)::int FROM account_payment payment
      JOIN res_users customer ON customer.partner_id = payment.partner_id AND customer.login = 'customer'
      JOIN res_currency currency ON currency.id = payment.currency_id AND currency.name = 'USD'
"""
PAGE, SECONDS_TO_BE_PAID = 20, 180


def save_card(visit, mailbox, address):
    """Open the account area with a code from the mail, and save a card there.

    :param Visit visit: The customer's page.
    :param Mailbox mailbox: Where the code arrives.
    :param str address: The customer's.
    """
    visit.open("/service/account")
    visit.page.locator("#email").fill(address)
    visit.page.locator("button.main").click()
    visit.page.locator("#code").fill(mailbox.take_code(address))
    visit.take_picture("customer_code")
    visit.page.get_by_role("button", name="Open My Account").click()
    visit.see("Your cards")
    visit.take_picture("customer_account")
    visit.page.get_by_role("link", name="Save a Card").click()
    visit.take_picture("customer_consent")
    visit.page.locator("button.main").click()
    visit.page.locator("#card_number").fill(VISA)
    visit.page.locator("button.primary").click()
    visit.see("Your card is saved")
    visit.open("/service/account")
    visit.page.get_by_role("heading", name="Your cards").scroll_into_view_if_needed()
    visit.see("4242")
    visit.take_picture("customer_saved_card")


def open_large_account(browser, machine, database):
    """Look at an account with 500 open invoices and more, and pay all that are in dollars at once.

    :param Browser browser: Chromium.
    :param Machine machine: A machine that is set up.
    :param str database: A demo database that is served.
    :raise AssertionError: If a screen or the books do not say what they should.
    """
    run_script(machine, database, PREPARE)
    euros = _get_open(machine, database, "EUR")
    with browser.log_in("customer", device=PHONE, landing=".o_portal") as visit:
        visit.open("/my/invoices")
        visit.take_picture("portal_invoices")
        visit.open("/service/account")
        visit.take_picture("portal_account")
        _look_at_groups(visit, {"EUR": euros, "USD": _get_open(machine, database, "USD")})
        _pay_all(visit, "USD")
        visit.page.set_viewport_size(DESK["viewport"])
        visit.take_picture("portal_account_paid")
    assert _get_open(machine, database, "EUR") == euros, "what is owed in euros changed"
    assert not _get_open(machine, database, "USD")[0], "dollars are owed still"
    paid = machine.postgres.query(PAYMENTS, database=database)
    assert paid == f"1|{DOLLARS * 40}", f"what was paid in dollars is not in the books once: {paid}"
    say(f"Online: of {euros[0] + DOLLARS} open invoices {DOLLARS} were paid at once.")


def _get_open(machine, database, currency):
    """Return how many invoices of the customer are open, and what is left of them.

    :rtype: tuple[int, float]
    """
    count, total = machine.postgres.query(OPEN.format(currency=currency), database=database).split("|")
    return int(count), float(total or 0)


def _look_at_groups(visit, expected):
    """Check that each currency has its total, and pages that can be turned."""
    for currency, (count, total) in expected.items():
        group = _get_group(visit, currency)
        shown = float(re.sub(r"[^\d.]", "", group.locator(".amount").inner_text()))
        assert shown == total, f"{shown} {currency} are shown, {total} are due"
        assert group.locator("tbody tr").count() == min(count, PAGE), f"a page in {currency} has not {PAGE} rows"
    group = _get_group(visit, "EUR")
    group.get_by_role("link", name="Next").click()
    group.get_by_text("Page 2 of").wait_for()


def _pay_all(visit, currency):
    """Pay all that is open in a currency, and wait until the account says so."""
    _get_group(visit, currency).locator("button.main").click()
    visit.page.locator(f"button[name=card][value='{VISA}']").click()
    visit.page.wait_for_url("**/service/account**")
    for _second in range(SECONDS_TO_BE_PAID):
        if not _get_group(visit, currency).count():
            return
        visit.page.wait_for_timeout(1000)
        visit.page.reload()
    raise AssertionError(f"after {SECONDS_TO_BE_PAID} s the account says that {currency} are due")


def _get_group(visit, currency):
    return visit.page.locator("section", has=visit.page.get_by_role("heading", name=f"in {currency}"))
