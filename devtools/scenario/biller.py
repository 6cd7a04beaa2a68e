"""The biller's part: the order becomes an invoice, the invoice money; a line of another invoice is credited."""

import io

from pypdf import PdfReader

from .browser import DESK


def bill_order(browser, order):
    """Invoice the technician's order, finalize, open the PDF, register a part of the payment and then the rest.

    :param Browser browser: Chromium.
    :param str order: The number of the order.
    """
    with browser.log_in("office", device=DESK) as visit:
        _open_record(visit, "service-orders", order)
        visit.take_picture("biller_review")
        visit.press("action_create_invoice")
        visit.page.wait_for_selector("div[name=invoice_line_ids]")
        visit.take_picture("biller_draft")
        visit.press("action_billing_finalize")
        visit.take_picture("biller_finalize")
        visit.confirm()
        visit.see("Register Payment")
        visit.take_picture("biller_finalized")
        _open_pdf(visit, order)
        _look_at_journal_entry(visit)
        _register_payment(visit, share=0.5, title="biller_partial_payment")
        visit.see("Partially paid")
        _register_payment(visit, share=1, title="biller_full_payment")
        # The status bar folds where the buttons leave no room for it.
        current = visit.page.locator(".o_statusbar_status .o_arrow_button_current", has_text="Paid")
        current.first.wait_for(state="attached")
        visit.take_picture("biller_paid")


def credit_line(browser):
    """Credit one line of an invoice that is still open, with a reason.

    :param Browser browser: Chromium.
    """
    with browser.log_in("office", device=DESK) as visit:
        visit.go("service-invoices")
        visit.page.locator(".o_data_row:has-text('Open')").first.locator(
            "td[name=partner_id], td.o_data_cell"
        ).first.click()
        visit.see("Add Credit Note")
        visit.press("action_reverse")
        choose_credit_reason(visit, "One hour less was needed.")
        visit.take_picture("biller_credit_reason")
        visit.press("refund_moves", within=".modal")
        visit.page.wait_for_selector("div[name=billing_credit_due]")
        keep_first_line(visit)
        visit.take_picture("biller_credit_note")
        visit.press("action_billing_finalize")
        visit.confirm()
        visit.page.wait_for_selector("button[name=action_view_journal_items]:visible")
        visit.take_picture("biller_credit_note_finalized")


def _open_record(visit, path, number):
    visit.go(path)
    visit.page.fill(".o_searchview_input", number)
    visit.page.press(".o_searchview_input", "Enter")
    visit.page.locator(".o_data_row", has_text=number).first.locator("td.o_data_cell").first.click()
    visit.page.wait_for_selector(".o_form_view")


def _open_pdf(visit, order):
    number = visit.page.url.rstrip("/").split("/")[-1].split("?")[0]
    answer = visit.page.request.get(f"{visit.browser.address}/report/pdf/account.account_invoices/{number}")
    content = answer.body()
    (visit.browser.pictures / "invoice.pdf").write_bytes(content)
    text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert order in text, f"the PDF of the invoice does not name the order {order}"


def _look_at_journal_entry(visit):
    visit.press("action_view_journal_items")
    visit.page.wait_for_selector(".o_list_view .o_data_row")
    visit.take_picture("biller_journal_entry")
    visit.page.locator(".o_back_button, .breadcrumb-item a").last.click()
    visit.see("Register Payment")


def _register_payment(visit, *, share, title):
    visit.page.locator(".o_statusbar_buttons button:visible", has_text="Register Payment").click()
    field = visit.page.locator(".modal div[name=amount] input").first
    field.wait_for()
    amount = float("".join(char for char in field.input_value() if char.isdigit() or char == "."))
    if share != 1:
        field.fill(f"{amount * share:.2f}")
        field.press("Tab")
        visit.settle()
    visit.take_picture(title)
    visit.press("action_create_payments", within=".modal")
    visit.page.wait_for_selector(".modal", state="detached")
    visit.settle()


def choose_credit_reason(visit, text):
    """Say in the open window why something is credited.

    :param Visit visit: The biller's page.
    :param str text: The explanation.
    """
    field = visit.page.locator(".modal div[name=billing_credit_reason]")
    field.locator("select, input").first.wait_for()
    if field.locator("select").count():
        field.locator("select").select_option(label="Incorrect amount")
    else:
        field.locator("input").click()
        visit.page.locator(".o_select_menu_item", has_text="Incorrect amount").click()
    visit.page.fill(".modal div[name=reason] input", text)


def keep_first_line(visit):
    """Delete every line but the first, and save.

    :param Visit visit: The biller's page, on a draft.
    """
    deletes = visit.page.locator("div[name=invoice_line_ids] .o_data_row td.o_list_record_remove")
    while deletes.count() > 1:
        deletes.last.click()
        visit.settle()
    visit.page.locator(".o_form_button_save:visible").click()
    visit.settle()
