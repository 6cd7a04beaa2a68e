"""The end of a month: the biller turns what thirty customers with a monthly cycle owe into finalized invoices."""

from .browser import DESK
from .odoo_shell import run_script

CUSTOMERS = 30
REFERENCE = "PO-2210"
PATIENCE = 180_000

# The month before the last is billed and finalized. Of the last month all is open; every tenth customer had much more
# done than usual, and the last one wants its own reference on every invoice from now on.
PREPARE = f"""
from dateutil.relativedelta import relativedelta
env = env(user=env.ref("service_billing.demo_user_manager"))
env.company.sudo().billing_cycle_auto = False
today = env.company._get_billing_today()
this_month = today.replace(day=1)
last_month, month_before = this_month - relativedelta(months=1), this_month - relativedelta(months=2)
product = env["product.product"].search([("type", "=", "service"), ("sale_ok", "=", True)], limit=1)
customers = env["res.partner"].create(
    [
        {{"name": f"Residence {{number}}", "ref": "month-end", "is_company": True, "customer_rank": 1,
          "street": f"Rue du Parc {{number}}", "zip": "4700", "city": "Eupen", "country_id": env.ref("base.be").id}}
        for number in range(1, {CUSTOMERS} + 1)
    ]
)
profiles = env["service.billing.profile"].create(
    [{{"partner_id": customer.id, "cycle": "monthly", "anchor": month_before}} for customer in customers]
)
profiles.sudo().billed_until = month_before - relativedelta(days=1)

def charge(month, factor):
    env["service.charge"].create(
        [
            {{"partner_id": customer.id, "product_id": product.id, "name": "Boiler service, " + work, "price_unit": 65,
              "quantity": 1 + number % 4 + (factor if number % 10 == 3 else 0), "date": month.replace(day=day)}}
            for number, customer in enumerate(customers)
            for day, work in ((5, "first visit"), (19, "second visit"))
        ]
    )

charge(month_before, 0)
run = env["service.billing.run"].create({{"until": last_month - relativedelta(days=1), "partner_ids": customers.ids}})
run.action_preview()
run.action_run()
for line in run.line_ids:
    line._job_run()
run.line_ids.invoice_ids.action_billing_finalize()
charge(last_month, 4)
customers[-1].billing_reference_required = True
env.cr.commit()
"""
CHECK = f"""
customers = env["res.partner"].search([("ref", "=", "month-end")], order="id")
run = env["service.billing.run"].search([], order="id desc", limit=1)
invoices = run.line_ids.invoice_ids
numbers = sorted(invoices.mapped("sequence_number"))
assert run.status == "done", "the run has failures"
assert customers <= invoices.partner_id and len(customers) == {CUSTOMERS}, "a customer was not billed"
assert len(invoices) == len(run.line_ids), "a customer was billed twice"
assert set(invoices.mapped("state")) == {{"posted"}}, "a draft was not finalized"
assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "the numbers have a gap"
assert invoices.filtered(lambda move: move.ref == "{REFERENCE}").partner_id == customers[-1], "the reference is lost"
assert not env["service.charge"].search([("partner_id", "in", customers.ids), ("state", "!=", "invoiced")]), "left open"
"""


def bill_month(browser, machine, database):
    """From the unbilled work over a previewed run to finalized invoices, one of which needs a reference first.

    :param Browser browser: Chromium.
    :param Machine machine: A machine that is set up.
    :param str database: The database that is served.
    """
    run_script(machine, database, PREPARE)
    with browser.log_in("office", device=DESK) as visit:
        _draft(visit)
        _finalize(visit)
        _mend(visit)
    run_script(machine, database, CHECK)


def _draft(visit):
    visit.go("unbilled-work")
    visit.take_picture("month_end_unbilled_work")
    visit.press("action_bill")
    visit.see("over 25 % more or less than last time")
    visit.take_picture("month_end_preview")
    visit.press("action_run")
    visit.confirm()
    visit.take_picture("month_end_billing")
    _wait_until_done(visit)
    visit.take_picture("month_end_billed")


def _finalize(visit):
    visit.press("action_finalize")
    visit.take_picture("month_end_finalize")
    visit.press("action_confirm", within=".modal")
    visit.take_picture("month_end_finalizing")
    _wait_until_done(visit)
    visit.see("1 failed")
    visit.take_picture("month_end_one_failed")


def _mend(visit):
    """Enter the reference that is missing, and try the failed draft again."""
    visit.press("action_view_drafts")
    visit.page.locator(".o_data_row td[name=invoice_partner_display_name]").first.click()
    visit.page.fill("div[name=ref] input", REFERENCE)
    visit.take_picture("month_end_mended")
    visit.page.locator(".breadcrumb-item a", has_text="Finalizing").click()
    visit.press("action_retry")
    _wait_until_done(visit)
    visit.page.get_by_text("failed").first.wait_for(state="detached")
    visit.take_picture("month_end_finalized")


def _wait_until_done(visit):
    visit.page.locator("[role=progressbar][aria-valuenow='100']").wait_for(timeout=PATIENCE)
    visit.settle()
