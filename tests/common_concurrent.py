import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.tests import TransactionCase, new_test_user

# Straight in the database, because nobody may delete a finalized document in any other way.
CLEAN_UP = """
    CREATE TEMPORARY TABLE mine ON COMMIT DROP AS SELECT id FROM account_move_line WHERE partner_id = %(customer)s;
    DELETE FROM account_payment_register WHERE partner_id = %(customer)s;
    DELETE FROM account_full_reconcile WHERE id IN (
        SELECT full_reconcile_id FROM account_partial_reconcile WHERE credit_move_id IN (SELECT id FROM mine)
    );
    DELETE FROM account_partial_reconcile WHERE credit_move_id IN (SELECT id FROM mine);
    UPDATE account_move_line SET billing_credited_line_id = NULL WHERE id IN (SELECT id FROM mine);
    DELETE FROM account_move_line WHERE move_id IN (SELECT id FROM account_move WHERE partner_id = %(customer)s);
    UPDATE account_move SET origin_payment_id = NULL, billing_void_move_id = NULL, billing_origin_move_id = NULL
     WHERE partner_id = %(customer)s;
    DELETE FROM account_payment WHERE partner_id = %(customer)s;
    DELETE FROM account_move WHERE partner_id = %(customer)s;
"""


class ConcurrentCase(TransactionCase):
    """People who do something at the same second: real transactions, run again as the request layer does it.

    All that a test commits belongs to one customer, and is deleted afterwards.
    """

    def setUp(self):
        super().setUp()
        with self._committing() as env:
            biller = new_test_user(env, "concurrent_biller", groups="service_billing.group_biller", tz="UTC")
            customer = env["res.partner"].create({"name": "Hotel Concurrent", "email": "concurrent@example.com"})
            self.biller_id, self.customer_id = biller.id, customer.id
        self.addCleanup(self._delete_committed)

    def _delete_committed(self):
        with self._committing() as env:
            env.cr.execute(CLEAN_UP, {"customer": self.customer_id})
            biller = env["res.users"].browse(self.biller_id)
            partners = biller.partner_id | env["res.partner"].browse(self.customer_id)
            biller.unlink()
            partners.unlink()

    # === TRANSACTIONS === #

    @contextmanager
    def _committing(self, user_id=SUPERUSER_ID):
        """Give an environment whose transaction is committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, user_id, {})

    def _at_once(self, *works):
        """Let billers do several things in transactions that all begin before the first one ends.

        :param works: Functions that take an environment.
        :return: What each returned, or the exception it ended with.
        :rtype: list
        """
        barrier = threading.Barrier(len(works), timeout=60)

        def run(work):
            with self._committing(self.biller_id) as env:
                env.cr.execute("SELECT 1 FROM account_move LIMIT 1")
                barrier.wait()
                return retrying(partial(work, env), env)

        with ThreadPoolExecutor(len(works)) as pool:
            futures = [pool.submit(run, work) for work in works]
        return [future.exception() or future.result() for future in futures]

    # === RECORDS === #

    def _commit_draft(self, *prices):
        """Return the id of a draft with a line for each price."""
        lines = [
            Command.create({"name": f"Work {price}", "price_unit": price, "tax_ids": [Command.clear()]})
            for price in prices
        ]
        values = {"move_type": "out_invoice", "partner_id": self.customer_id, "invoice_line_ids": lines}
        with self._committing(self.biller_id) as env:
            return env["account.move"].create(values).id

    def _commit_invoice(self, *prices):
        """Return the id of a finalized invoice with a line for each price."""
        invoice_id = self._commit_draft(*prices)
        with self._committing(self.biller_id) as env:
            self._finalize(env, invoice_id)
        return invoice_id

    # === WHAT THEY DO === #

    def _finalize(self, env, move_id):
        return env["account.move"].browse(move_id).action_billing_finalize()
