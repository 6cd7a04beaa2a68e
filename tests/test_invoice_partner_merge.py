from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_jobs import performing_jobs
from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestInvoicePartnerMerge(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.twin = cls._create_customer("Hotel Alpina GmbH")

    def _merge(self, *duplicates):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        partners = self.customer.union(*(duplicates or [self.twin]))
        wizard._merge(partners.ids, self.customer)
        self.env.invalidate_all()

    def _window(self):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        context = {"active_model": "res.partner", "active_ids": (self.customer | self.twin).ids}
        form = Form(wizard.with_context(**context))
        form.dst_partner_id = self.customer
        return form

    # === WHAT FOLLOWS === #

    def test_documents_and_payments_follow_and_the_balance_is_the_sum_of_both(self):
        own, other = self._open_invoice(100.0), self._open_invoice(50.0, partner_id=self.twin.id)
        payment = self._pay_invoice(other, 20.0)

        self._merge()

        self.assertFalse(self.twin.exists())
        self.assertEqual((own | other).mapped("partner_id"), self.customer)
        self.assertEqual(other.commercial_partner_id, self.customer)
        self.assertEqual((other | payment.move_id).line_ids.partner_id, self.customer)
        self.assertEqual(self.customer.billing_balance, 130.0)
        self.assertRecordValues(other, [{"billing_status": "partially_paid", "amount_residual": 30.0}])

    def test_credit_of_the_duplicate_pays_an_invoice(self):
        credit = self._pay_invoice(self._open_invoice(50.0, partner_id=self.twin.id), 80.0)
        invoice = self._open_invoice(100.0)

        self._merge()
        offered = invoice.invoice_outstanding_credits_debits_widget["content"]
        invoice.js_assign_outstanding_line(offered[0]["id"])

        self.assertEqual(offered[0]["amount"], 30.0)
        self.assertEqual(invoice.amount_residual, 70.0)
        self.assertEqual(credit.partner_id, self.customer)

    def test_orders_charges_and_subscriptions_follow(self):
        order = self._done_order(hours=1.0, partner_id=self.twin.id)
        subscription = self.env["service.subscription"].create({"partner_id": self.twin.id})

        self._merge()

        self.assertEqual((order.partner_id, subscription.partner_id), (self.customer, self.customer))
        self.assertRecordValues(
            order.charge_ids, [{"partner_id": self.customer.id, "commercial_partner_id": self.customer.id}]
        )
        invoice = order.charge_ids._create_invoices()
        self.assertEqual(invoice.partner_id, self.customer)

    def test_saved_cards_are_kept_even_twice(self):
        provider = self.env["payment.provider"].search([("company_id", "=", self.company.id)], limit=1)
        method = self.env["payment.method"].with_context(active_test=False).search([], limit=1)
        tokens = self.env["payment.token"].create(
            [
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "partner_id": partner.id,
                    "provider_ref": "card",
                    "payment_details": "4242",
                }
                for partner in (self.customer, self.twin)
            ]
        )

        self._merge()

        self.assertEqual(tokens.exists(), tokens)
        self.assertEqual(tokens.partner_id, self.customer)

    def test_every_model_of_ours_with_a_customer_follows(self):
        """What a customer has once needs care, because core moves rows without asking: it is named here."""
        self.env.cr.execute(
            """
            SELECT DISTINCT t.relname, a.attname
              FROM pg_index i
              JOIN pg_class t ON t.oid = i.indrelid
              JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY(i.indkey)
              JOIN pg_constraint c ON c.conrelid = t.oid AND c.conkey = ARRAY[a.attnum] AND c.contype = 'f'
             WHERE i.indisunique AND c.confrelid = 'res_partner'::regclass AND t.relname LIKE 'service%'
            """
        )

        self.assertEqual(
            set(self.env.cr.fetchall()),
            {
                ("service_autopay", "partner_id"),
                ("service_billing_profile", "partner_id"),
                ("service_draft_line", "partner_id"),
                ("service_stripe_customer", "partner_id"),
            },
        )

    # === WHAT A CUSTOMER HAS ONCE === #

    def _create_profile(self, partner, **values):
        return self.env["service.billing.profile"].create({"partner_id": partner.id, **values})

    def test_cycle_of_the_one_that_stays_stays(self):
        own = self._create_profile(self.customer, cycle="monthly", anchor="2026-01-31")
        self._create_profile(self.twin, cycle="weekly", anchor="2026-01-31")

        self._merge()

        self.assertEqual(self._search_profiles(), own)
        self.assertEqual(own.cycle, "monthly")

    def test_cycle_of_the_duplicate_follows_where_there_was_none(self):
        self._create_profile(self.customer)
        other = self._create_profile(self.twin, cycle="weekly", anchor="2026-01-31")

        self._merge()

        self.assertEqual(self._search_profiles(), other)
        self.assertEqual(other.partner_id, self.customer)

    def test_two_duplicates_with_a_cycle(self):
        triplet = self._create_customer("Alpina")
        for partner in (self.twin, triplet):
            self._create_profile(partner, cycle="weekly", anchor="2026-01-31")

        self._merge(self.twin, triplet)

        self.assertEqual(len(self._search_profiles()), 1)

    def test_cycles_of_two_companies_follow(self):
        self._set_up_second_company()
        self._create_profile(self.customer, cycle="monthly", anchor="2026-01-31")
        self._create_profile(self.twin, cycle="weekly", anchor="2026-01-31", company_id=self.second_company.id)

        self._merge()

        self.assertEqual(set(self._search_profiles().mapped("cycle")), {"monthly", "weekly"})

    def _search_profiles(self):
        return self.env["service.billing.profile"].search([("partner_id", "=", self.customer.id)])

    def test_batch_with_both(self):
        batch = self.env["service.draft.batch"].create(
            {
                "name": "Service plans",
                "partner_ids": [Command.set((self.customer | self.twin).ids)],
                "item_ids": [Command.create({"name": "Service plan", "price_unit": 10.0})],
            }
        )
        with performing_jobs():
            batch.action_run()
        drafts = batch.line_ids.move_id

        self._merge()

        self.assertEqual(batch.partner_ids, self.customer)
        self.assertEqual(batch.line_ids.partner_id, self.customer)
        self.assertEqual(len(drafts.exists()), 2)
        self.assertEqual(drafts.partner_id, self.customer)

    # === SEALED DOCUMENTS === #

    def test_sealed_documents_keep_their_customer(self):
        self.company.billing_strict = True
        invoice = self._open_invoice(50.0, partner_id=self.twin.id)

        with self._refused():
            self._merge()

        self.assertEqual(invoice.line_ids.partner_id, self.twin)
        self.assertEqual({r["status"] for r in self._get_seals()}, {"verified"})

    def _get_seals(self):
        self.env.flush_all()
        return [r for r in self.company._check_hash_integrity()["results"] if r["status"] != "no_data"]

    def test_customer_with_sealed_documents_can_be_the_one_that_stays(self):
        self.company.billing_strict = True
        invoice = self._open_invoice(50.0)

        self._merge()

        self.assertFalse(self.twin.exists())
        self.assertEqual(invoice.partner_id, self.customer)
        self.assertEqual({r["status"] for r in self._get_seals()}, {"verified"})

    def test_alias_instead_of_a_merge(self):
        self.company.billing_strict = True
        invoice = self._open_invoice(50.0, partner_id=self.twin.id)
        window = self._window()
        self.assertTrue(window.billing_is_sealed)

        window.save().action_billing_keep_alias()

        self.assertRecordValues(self.twin, [{"active": False, "billing_alias_of_id": self.customer.id}])
        self.assertEqual(invoice.partner_id, self.twin)
        self.assertEqual({r["status"] for r in self._get_seals()}, {"verified"})

    def test_alias_is_not_offered_where_nothing_is_sealed(self):
        self._open_invoice(50.0, partner_id=self.twin.id)

        self.assertFalse(self._window().billing_is_sealed)

    def test_alias_with_work_to_be_billed_is_refused(self):
        self._done_order(hours=1.0, partner_id=self.twin.id)

        with self._refused(UserError):
            self.twin._keep_as_alias(self.customer)

        self.assertTrue(self.twin.active)
