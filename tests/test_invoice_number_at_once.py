from functools import partial

from odoo.fields import Command
from odoo.tests import tagged

from .common_concurrent import ConcurrentCase

WORKERS = 4
RESTORE = """
    UPDATE account_journal SET billing_number_format = NULL, restrict_mode_hash_table = FALSE WHERE id = %(journal)s;
    UPDATE res_company SET billing_strict = FALSE, restrictive_audit_trail = FALSE, billing_due_limit = 180
     WHERE id = %(company)s;
"""


@tagged("post_install", "-at_install")
class TestInvoiceNumberAtOnce(ConcurrentCase):
    """Numbers in a format of the journal, taken by several people in the same second."""

    def setUp(self):
        super().setUp()
        with self._committing() as env:
            journal = env["account.move"].new({"move_type": "out_invoice"}).journal_id
            journal.billing_number_format = "AT-{YYYY}-{000}"
            self.journal_id, self.company_id = journal.id, journal.company_id.id
            # So far away that there are no other invoices.
            journal.company_id.billing_due_limit = 0
            self.year = journal.company_id._get_billing_today().year + 20
        self.addCleanup(self._restore)

    def _restore(self):
        with self._committing() as env:
            env.cr.execute(RESTORE, {"journal": self.journal_id, "company": self.company_id})

    def _commit_drafts(self, *dates):
        line = {"name": "Work", "price_unit": 100.0, "tax_ids": [Command.clear()]}
        values = [
            {
                "move_type": "out_invoice",
                "partner_id": self.customer_id,
                "invoice_date": day,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [Command.create(line)],
            }
            for day in dates
        ]
        with self._committing(self.biller_id) as env:
            return env["account.move"].create(values).ids

    def _get_numbers(self, move_ids):
        with self._committing() as env:
            moves = env["account.move"].browse(move_ids)
            self.assertFalse(any(moves.mapped("made_sequence_gap")))
            return sorted(moves.mapped("name"))

    def _finalize_at_once(self, move_ids):
        shares = [move_ids[start::WORKERS] for start in range(WORKERS)]
        results = self._at_once(*[partial(self._finalize, move_id=share) for share in shares])
        self.assertEqual(results, [None] * WORKERS)

    def test_two_years_at_once_leave_no_gap(self):
        move_ids = self._commit_drafts(*[f"{self.year + index % 2}-06-01" for index in range(3 * WORKERS)])

        self._finalize_at_once(move_ids)

        half = 3 * WORKERS // 2
        wanted = [f"AT-{each}-{number:03}" for each in (self.year, self.year + 1) for number in range(1, half + 1)]
        self.assertEqual(self._get_numbers(move_ids), wanted)

    def test_number_of_a_crash_is_given_again(self):
        lost, kept = self._commit_drafts(f"{self.year}-06-01", f"{self.year}-06-01")
        with self.registry.cursor() as cr:
            self._finalize(self.env(cr=cr, user=self.biller_id), lost)
            cr.rollback()

        self._at_once(partial(self._finalize, move_id=kept))

        self.assertEqual(self._get_numbers([kept]), [f"AT-{self.year}-001"])

    def test_sealed_documents_are_a_chain(self):
        with self._committing() as env:
            env["res.company"].browse(self.company_id).billing_strict = True
        move_ids = self._commit_drafts(*[f"{self.year}-06-01"] * WORKERS)

        self._finalize_at_once(move_ids)

        self.assertEqual(self._get_numbers(move_ids)[-1], f"AT-{self.year}-{WORKERS:03}")
        with self._committing() as env:
            results = env["res.company"].browse(self.company_id)._check_hash_integrity()["results"]
            self.assertEqual({r["status"] for r in results if r["status"] != "no_data"}, {"verified"})
