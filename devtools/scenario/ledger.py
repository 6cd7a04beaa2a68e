"""What must hold in the books after the stories."""

from .odoo_shell import run_script

BOOKS = """
receivable = env["account.account"].search([("account_type", "=", "asset_receivable")])
lines = env["account.move.line"].search([("account_id", "in", receivable.ids), ("parent_state", "=", "posted")])
documents = env["account.move"].search([("move_type", "in", ("out_invoice", "out_refund")), ("state", "=", "posted")])
unapplied = lines.filtered(lambda line: line.move_id not in documents)
owed = sum(documents.mapped("amount_residual_signed")) + sum(unapplied.mapped("amount_residual"))
difference = env.company.currency_id.round(sum(lines.mapped("balance")) - owed)
assert not difference, "receivable is not what is owed"

charges = env["service.charge"].search([("state", "=", "invoiced")])
assert charges, "no charge was invoiced"
assert len(charges.invoice_line_id) == len(charges), "an invoice line bills two charges"
for charge in charges:
    line = charge.invoice_line_id
    assert charge.currency_id.compare_amounts(line.price_subtotal, charge.price_subtotal) == 0, line.name
for work in charges.order_line_id:
    billed = sum(work.charge_ids.filtered(lambda charge: charge.state == "invoiced").mapped("quantity"))
    assert work.product_uom_id.compare(billed, work.billed_quantity) <= 0, f"{work.name} is billed twice"
"""
STORY = """
documents = env["account.move"].search([("state", "=", "posted")], order="id")
paid = documents.filtered(lambda move: move.move_type == "out_invoice")[-1:]
credited = documents.filtered(lambda move: move.move_type == "out_refund")[-1:]
assert paid.billing_status == "paid", "the story's invoice is not paid"
assert len(paid.reconciled_payment_ids) == 2, "the story's invoice is not paid by two payments"
assert credited.billing_credit_reason == "wrong_amount", "the credit note has another reason"
assert len(credited.invoice_line_ids) == 1, "the credit note has not one line"
"""


def check_books(machine, database):
    """Check that the receivable is what is owed, and that every charge is billed once.

    :param Machine machine: A machine that is set up.
    :param str database: The database on which the stories were played.
    :raise AssertionError: With what does not hold.
    """
    run_script(machine, database, BOOKS)


def check_story(machine, database):
    """Check what became of the order of the first story, which was played last.

    :param Machine machine: A machine that is set up.
    :param str database: The database on which the story was played.
    :raise AssertionError: With what does not hold.
    """
    run_script(machine, database, STORY)
