import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from odoo import api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name, new_test_user
from odoo.tools import SQL, mute_logger

PATIENCE = 120


@tagged("post_install", "-at_install")
class TestChargeConcurrency(BaseCase):
    """Two people at once, each in a transaction of their own that really commits, as requests do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        with cls._committed() as env:
            users = [
                new_test_user(env, login, groups=f"service_billing.{group}", name=name)
                for login, group, name in (
                    ("sb_ana", "group_biller", "Ana"),
                    ("sb_ben", "group_biller", "Ben"),
                    ("sb_tom", "group_technician", "Tom"),
                )
            ]
            cls.ana, cls.ben, cls.tom = (user.id for user in users)
            cls.customer_id = env["res.partner"].create({"name": "Hotel Twice"}).id
            cls.type_id = (
                env["service.order.type"]
                .create({"name": "Twice", "require_time": False, "require_report": False, "require_signature": False})
                .id
            )
        cls.addClassCleanup(cls._remove_people)

    def setUp(self):
        super().setUp()
        self.addCleanup(self._remove_work)
        with self._committed() as env:
            env["service.order.type"].browse(self.type_id).bill_on = "done"
            self.order_id = self._create_order(env).id

    # === RECORDS === #

    @classmethod
    @contextmanager
    def _committed(cls):
        """Have an environment of the system's with a cursor of its own, which is committed in the end."""
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, api.SUPERUSER_ID, {})

    def _create_order(self, env):
        return env["service.order"].create(
            {
                "partner_id": self.customer_id,
                "type_id": self.type_id,
                "technician_id": self.tom,
                "line_ids": [Command.create({"kind": "labor", "quantity": 2})],
            }
        )

    def _finish_order(self):
        with self._committed() as env:
            env["service.order"].browse(self.order_id).action_done()

    @classmethod
    def _remove_people(cls):
        with cls._committed() as env:
            users = env["res.users"].browse([cls.ana, cls.ben, cls.tom])
            partners = users.partner_id
            users.unlink()
            (partners + env["res.partner"].browse(cls.customer_id)).unlink()
            env["service.order.type"].browse(cls.type_id).unlink()

    @classmethod
    def _remove_work(cls):
        with cls._committed() as env:
            orders = env["service.order"].search([("partner_id", "=", cls.customer_id)])
            invoices = env["account.move"].search([("partner_id", "=", cls.customer_id)])
            if invoices:
                # A finalized invoice cannot be deleted in any other way.
                reset = SQL(
                    "UPDATE account_move SET state = 'draft', posted_before = false WHERE id = ANY(%s)", invoices.ids
                )
                env.cr.execute(reset)
                env.invalidate_all()
                invoices.unlink()
            orders.charge_ids.unlink()
            env.cr.execute(SQL("UPDATE service_order SET state = 'new' WHERE id = ANY(%s)", orders.ids or [0]))
            env.invalidate_all()
            orders.unlink()

    # === AT ONCE === #

    def _at_once(self, *acts):
        """Let people act at once: each has looked at the charges before the first one acts.

        :param acts: Pairs of a user's id and a function that takes that user's environment.
        :return: What each function returned, or the `UserError` that refused it.
        """
        barrier = threading.Barrier(len(acts))
        with ThreadPoolExecutor(len(acts)) as executor:
            futures = [executor.submit(self._act, barrier, *act) for act in acts]
            return [future.result(timeout=PATIENCE) for future in futures]

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def _act(self, barrier, user_id, act):
        threading.current_thread().dbname = self.registry.db_name
        with self.registry.cursor() as cr:
            env = api.Environment(cr, user_id, {})
            env["service.order"].sudo().browse(self.order_id).charge_ids.mapped("state")
            barrier.wait(timeout=PATIENCE)
            try:
                return retrying(partial(act, env), env)
            except UserError as refusal:
                return refusal

    def _draft_selected(self, env):
        charges = env["service.order"].browse(self.order_id).charge_ids
        return env["service.charge.invoice"].create({"charge_ids": charges.ids}).action_confirm()["res_id"]

    def _draft_order(self, env):
        return env["service.order"].browse(self.order_id).action_create_invoice()["res_id"]

    def _open_for_months(self):
        with self._committed() as env:
            env["service.order.type"].browse(self.type_id).bill_on = "cycle"
            env["service.order"].browse(self.order_id)._set_state("in_progress", allowed=("new",))

    def _collect(self, env):
        customer = env["res.partner"].browse(self.customer_id)
        tomorrow = env.company._get_billing_today() + timedelta(days=1)
        return len(env["service.charge"]._collect(customer, env.company, tomorrow))

    # === TESTS === #

    def test_second_of_two_who_draft_the_same_charge_is_told_who_and_what_came_first(self):
        self._finish_order()

        results = self._at_once((self.ana, self._draft_selected), (self.ben, self._draft_selected))

        refusals = [str(result) for result in results if isinstance(result, UserError)]
        drafts = [result for result in results if not isinstance(result, UserError)]
        self.assertEqual((len(drafts), len(refusals)), (1, 1))
        with self._committed() as env:
            draft = env["account.move"].search([("partner_id", "=", self.customer_id)])
            charge = env["service.order"].browse(self.order_id).charge_ids
            self.assertEqual(draft.ids, drafts)
            self.assertEqual(draft.invoice_line_ids, charge.invoice_line_id)
            self.assertIn(draft.create_uid.name, refusals[0])
            self.assertIn(draft.display_name, refusals[0])
            self.assertEqual(draft.create_uid.id, (self.ana, self.ben)[results.index(drafts[0])])

    def test_two_clicks_at_once_open_one_draft(self):
        self._finish_order()

        first, second = self._at_once((self.ana, self._draft_order), (self.ben, self._draft_order))

        self.assertEqual(first, second)
        with self._committed() as env:
            self.assertEqual(env["account.move"].search([("partner_id", "=", self.customer_id)]).ids, [first])
            self.assertEqual(len(env["account.move"].browse(first).invoice_line_ids), 1)

    def test_order_done_twice_at_once_is_charged_once(self):
        def finish(env):
            env["service.order"].browse(self.order_id).action_done()

        results = self._at_once((self.tom, finish), (self.ben, finish))

        self.assertEqual(results, [None, None])
        with self._committed() as env:
            self.assertEqual(env["service.order"].browse(self.order_id).charge_ids.mapped("quantity"), [2])

    def test_hours_corrected_while_the_draft_is_finalized_are_billed_once(self):
        self._finish_order()
        with self._committed() as env:
            draft_id = self._draft_order(env(user=self.ana))
            env["service.order"].browse(self.order_id).action_reopen()

        def correct(env):
            order = env["service.order"].browse(self.order_id)
            order.line_ids.quantity = 3
            order.action_done()

        def finalize(env):
            env["account.move"].browse(draft_id).action_billing_finalize()

        self._at_once((self.tom, correct), (self.ana, finalize))

        with self._committed() as env:
            charges = env["service.order"].browse(self.order_id).charge_ids
            invoice = env["account.move"].browse(draft_id)
            invoiced = charges.filtered(lambda charge: charge.state == "invoiced")
            self.assertEqual(invoice.state, "posted")
            self.assertEqual(sum(charges.mapped("quantity")), 3)
            self.assertEqual(sum(invoice.invoice_line_ids.mapped("quantity")), sum(invoiced.mapped("quantity")))

    def test_charge_is_waived_or_drafted_but_not_both(self):
        self._finish_order()

        def waive(env):
            env["service.order"].browse(self.order_id).charge_ids.action_waive("Goodwill")

        results = self._at_once((self.ana, self._draft_selected), (self.ben, waive))

        self.assertEqual(len([result for result in results if isinstance(result, UserError)]), 1)
        with self._committed() as env:
            charge = env["service.order"].browse(self.order_id).charge_ids
            self.assertEqual(charge.is_waived, not charge.invoice_line_id)

    def test_timer_started_on_two_devices_runs_once(self):
        with self._committed() as env:
            other_id = self._create_order(env).id

        def start(order_id):
            return lambda env: env["service.order"].browse(order_id).action_start() and "asked"

        results = self._at_once((self.tom, start(self.order_id)), (self.tom, start(other_id)))

        self.assertIn(None, results)
        with self._committed() as env:
            lines = env["service.order.line"].search([("technician_id", "=", self.tom), ("started_at", "!=", False)])
            self.assertEqual(len(lines), 1)

    def test_time_of_an_open_order_that_two_collect_at_once_is_charged_once(self):
        self._open_for_months()

        results = self._at_once((self.ana, self._collect), (self.ben, self._collect))

        self.assertEqual(sorted(results), [0, 1])
        with self._committed() as env:
            self.assertEqual(env["service.order"].browse(self.order_id).charge_ids.mapped("quantity"), [2])

    def test_time_corrected_or_finished_while_it_is_collected_is_charged_as_it_is(self):
        self._open_for_months()

        def correct(env):
            env["service.order"].browse(self.order_id).line_ids.quantity = 3

        def finish(env):
            env["service.order"].browse(self.order_id).action_done()

        self._at_once((self.ana, self._collect), (self.tom, correct), (self.ben, finish))

        with self._committed() as env:
            order = env["service.order"].browse(self.order_id)
            self.assertEqual(order.charge_ids.mapped("quantity"), order.line_ids.mapped("billed_quantity"))
