"""The biller's part of payments online: an invoice is sent, a saved card charged, a part refunded, a link revoked."""

from .biller import choose_credit_reason, keep_first_line

SECONDS_TO_BE_REFUNDED = 180


def send_invoice(visit, number):
    """Send an invoice by mail.

    :param Visit visit: The biller's page.
    :param str number: The invoice, as an id.
    """
    _open_invoice(visit, number)
    visit.page.locator(".o_statusbar_buttons button:visible", has_text="Send").first.click()
    visit.page.wait_for_selector(".modal div[name=billing_emails]")
    visit.take_picture("biller_send")
    visit.page.locator(".modal-footer button[name=action_send_and_print]:visible").click()
    visit.page.wait_for_selector(".modal", state="detached")
    visit.settle()


def charge_card(visit, number):
    """Charge the card that the customer saved, and wait for the result on the invoice.

    :param Visit visit: The biller's page.
    :param str number: The invoice, as an id.
    """
    _open_invoice(visit, number)
    visit.page.locator(".o_statusbar_buttons button:visible", has_text="Attempt Credit Card").click()
    visit.page.wait_for_selector(".modal button[name=action_confirm]")
    visit.take_picture("biller_charge_card")
    visit.press("action_confirm", within=".modal")
    visit.page.locator(".o_statusbar_status .o_arrow_button_current", has_text="Paid").first.wait_for(state="attached")
    visit.take_picture("biller_card_charged")


def refund_part(visit):
    """Credit one line of the invoice that is open on the page, and refund it to the card that paid.

    :param Visit visit: The biller's page.
    """
    visit.press("action_reverse")
    choose_credit_reason(visit, "The check was done a year ago.")
    visit.press("refund_moves", within=".modal")
    visit.page.wait_for_selector("div[name=billing_credit_due]")
    keep_first_line(visit)
    visit.press("action_billing_finalize")
    visit.confirm()
    visit.press("action_billing_refund")
    visit.page.wait_for_selector(".modal div[name=card_left]")
    visit.take_picture("biller_refund")
    visit.press("action_confirm", within=".modal")
    _wait_until_refunded(visit)
    visit.take_picture("biller_refunded")


def revoke_link(visit, number):
    """Make the link to an invoice worthless.

    :param Visit visit: The biller's page.
    :param str number: The invoice, as an id.
    """
    _open_invoice(visit, number)
    visit.page.locator(".o_statusbar_buttons button[title=More]").click()
    visit.page.locator(".o-dropdown--menu button[name=action_billing_revoke_link]").click()
    visit.take_picture("biller_revoke_link")
    visit.confirm()


def _open_invoice(visit, number):
    visit.go(f"service-invoices/{number}")
    visit.page.wait_for_selector(".o_form_view .o_statusbar_buttons")
    visit.settle()


def _wait_until_refunded(visit):
    """Load the credit note again until its refund is done: that is a job's work."""
    done = visit.page.locator("div[name=billing_refund_ids] .o_data_row", has_text="Succeeded")
    for _second in range(SECONDS_TO_BE_REFUNDED):
        visit.settle()
        if done.count():
            return
        visit.page.wait_for_timeout(1000)
        visit.page.reload()
        visit.page.wait_for_selector(".o_form_view .o_statusbar_buttons")
    raise AssertionError(f"after {SECONDS_TO_BE_REFUNDED} s the credit note does not say that it is refunded")
