from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestChargeLock(ServiceBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._done_order(hours=1, parts=1)
        cls.charge = cls.order.charge_ids.filtered(lambda charge: charge.kind == "labor")
        cls.draft = cls._invoice_order(cls.order)
        cls.line = cls.charge.invoice_line_id.with_user(cls.biller)

    def _import(self, records, **values):
        """Import a change of one record, as a spreadsheet does."""
        record = records.with_user(self.biller)
        record.env["ir.model.data"].sudo()._update_xmlids([{"xml_id": "__import__.record", "record": record}])
        return record.load(["id", *values], [["__import__.record", *map(str, values.values())]])

    # === LINES OF A DRAFT === #

    def test_line_of_a_charge_is_changed_on_the_charge_only(self):
        other_tax = self.percent_tax(6, type_tax_use="sale")
        changes = (
            {"quantity": 9},
            {"price_unit": 1},
            {"discount": 50},
            {"tax_ids": [Command.set(other_tax.ids)]},
            {"tax_ids": [Command.clear()]},
            {"product_id": self.service.id},
            {"product_uom_id": self.env.ref("uom.product_uom_day").id},
            {"price_subtotal": 1},
            {"display_type": "line_note"},
        )
        for values in changes:
            update = [Command.update(self.line.id, values)]
            with self.subTest(values=values):
                with self.assertRaises(UserError):
                    self._call(self.biller, "account.move.line", "write", self.line.ids, values)
                with self.assertRaises(UserError):
                    self._call(self.biller, "account.move", "write", self.draft.ids, {"invoice_line_ids": update})
                with self.assertRaises(UserError):
                    self._call(
                        self.manager,
                        *("account.move", "web_save", self.draft.ids, {"line_ids": update}),
                        specification={},
                    )

        self.assertRecordValues(
            self.line, [{"quantity": 1, "price_unit": 60, "discount": 0, "tax_ids": self.tax_sale_a.ids}]
        )

    def test_form_keeps_the_figures_of_a_charge_closed(self):
        with Form(self.draft) as form, form.invoice_line_ids.edit(0) as line:
            for name in ("quantity", "price_unit"):
                with self.subTest(name=name), self.assertRaises(AssertionError):
                    setattr(line, name, 9)

    def test_import_refuses_another_price(self):
        result = self._import(self.line, price_unit=1)

        self.assertTrue(result["messages"])
        self.assertEqual(self.line.price_unit, 60)

    def test_description_and_account_may_change_on_the_draft(self):
        self.line.name = "Repair of the boiler"

        self.assertEqual(self.line.name, "Repair of the boiler")

    def test_same_values_written_again_are_no_change(self):
        self.line.write({"quantity": 1, "price_unit": 60.0})

    def test_another_customer_does_not_take_over_charges(self):
        with self.assertRaises(UserError):
            self.draft.partner_id = self.partner_a

    def test_another_currency_does_not_take_over_charges(self):
        currency = self.setup_other_currency("EUR")

        with self.assertRaises(UserError):
            self.draft.currency_id = currency

    def test_line_without_a_charge_is_free(self):
        self.draft.invoice_line_ids = [Command.create({"name": "Parking", "quantity": 1, "price_unit": 10})]

        self.draft.invoice_line_ids[-1].price_unit = 12

        self.assertEqual(self.draft.amount_untaxed, 112)

    # === LEDGER === #

    def test_ledger_fields_are_written_by_the_ledger_only(self):
        charge = self._done_order().charge_ids
        other_line = self.draft.invoice_line_ids[0]
        fields = {
            "invoice_line_id": other_line.id,
            "order_line_id": self.order.line_ids[0].id,
            "state": "invoiced",
            "revision": 3,
            "origin_charge_id": self.charge.id,
            "is_ready": False,
            "is_waived": True,
            "waive_reason": "Because",
        }
        for name, value in fields.items():
            for user in (self.biller, self.manager):
                with self.subTest(name=name, user=user.login):
                    with self.assertRaises(UserError):
                        self._call(user, "service.charge", "write", charge.ids, {name: value})
                    with self.assertRaises(UserError):
                        values = {"partner_id": self.customer.id, "product_id": self.service.id, name: value}
                        self._call(user, "service.charge", "create", [values])

    def test_charge_cannot_be_linked_from_the_invoice_line(self):
        charge = self._done_order().charge_ids
        commands = (
            [Command.link(charge.id)],
            [Command.set(charge.ids)],
            [Command.create({"partner_id": self.customer.id, "product_id": self.service.id})],
        )
        for command in commands:
            with self.subTest(command=command), self.assertRaises(UserError):
                self._call(
                    self.biller,
                    "account.move",
                    "write",
                    self.draft.ids,
                    {"invoice_line_ids": [Command.create({"name": "Fake", "billing_charge_ids": command})]},
                )

    def test_charge_cannot_be_unlinked_from_the_invoice_line(self):
        for command in (Command.clear(), Command.unlink(self.charge.id), Command.delete(self.charge.id)):
            with self.subTest(command=command), self.assertRaises(UserError):
                self._call(self.biller, "account.move.line", "write", self.line.ids, {"billing_charge_ids": [command]})

        self.assertEqual(self.charge.state, "drafted")

    def test_charge_of_an_order_or_on_a_draft_is_not_deleted(self):
        waiting = self._done_order().charge_ids
        manual = (
            self.env["service.charge"]
            .with_user(self.biller)
            .create({"partner_id": self.customer.id, "product_id": self.service.id})
        )
        manual._create_invoices()

        for charge in (waiting, self.charge, manual):
            with self.subTest(charge=charge.kind), self.assertRaises(UserError):
                charge.with_user(self.biller).unlink()

    def test_manual_charge_is_deleted_while_it_waits(self):
        manual = (
            self.env["service.charge"]
            .with_user(self.biller)
            .create({"partner_id": self.customer.id, "product_id": self.service.id})
        )

        manual.unlink()

        self.assertFalse(manual.exists())

    def test_copied_charge_is_a_manual_one(self):
        copy = self.charge.with_user(self.biller).copy()

        self.assertRecordValues(
            copy, [{"order_line_id": False, "invoice_line_id": False, "kind": "manual", "state": "open"}]
        )

    # === AFTER FINALIZE === #

    def test_finalized_charge_never_changes(self):
        self.draft.action_billing_finalize()
        other_tax = self.percent_tax(6, type_tax_use="sale")
        changes = {
            "quantity": 2,
            "price_unit": 1,
            "discount": 5,
            "name": "Other",
            "date": "2020-01-01",
            "billing_decision": "warranty",
            "tax_ids": [Command.set(other_tax.ids)],
        }
        for name, value in changes.items():
            with self.subTest(name=name), self.assertRaises(UserError):
                self._call(self.manager, "service.charge", "write", self.charge.ids, {name: value})
            with self.subTest(name=name), self.assertRaises(UserError):
                self._call(self.manager, "service.charge", "web_save", self.charge.ids, {name: value}, specification={})

        self.assertTrue(self._import(self.charge, quantity=2)["messages"])
        self.assertEqual((self.charge.quantity, self.charge.price_unit), (1, 60))

    def test_several_charges_are_refused_together_when_one_is_finalized(self):
        self.draft.action_billing_finalize()
        waiting = self._done_order().charge_ids

        with self.assertRaises(UserError):
            (waiting + self.charge).with_user(self.biller).write({"discount": 5})

        self.assertEqual(waiting.discount, 0)

    def test_finalized_charge_is_neither_waived_nor_deleted_nor_billed_again(self):
        self.draft.action_billing_finalize()
        charge = self.charge.with_user(self.biller)

        for refused in (lambda: charge.action_waive("Goodwill"), charge.unlink, charge._create_invoices):
            with self.assertRaises(UserError):
                refused()

    def test_finalized_invoice_keeps_its_charges(self):
        self.draft.action_billing_finalize()

        for values in ({"state": "draft"}, {"state": "cancel"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._call(self.manager, "account.move", "write", self.draft.ids, values)
        with self.assertRaises(UserError):
            self._call(self.manager, "account.move", "unlink", self.draft.ids)

        self.assertEqual(self.charge.state, "invoiced")

    def test_private_methods_are_closed_to_the_outside(self):
        for method in ("_create_invoices", "_lock_billable", "_take_off_draft", "_update_draft_lines"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self._call(self.manager, "service.charge", method, self.charge.ids)

    def test_text_where_a_number_belongs_is_refused(self):
        charge = self._done_order().charge_ids

        for name in ("quantity", "price_unit", "discount"):
            with self.subTest(name=name), self.assertRaises(UserError):
                self._call(self.biller, "service.charge", "write", charge.ids, {name: "abc"})

    def test_product_of_a_charge_is_archived_rather_than_deleted(self):
        product = self._create_product(name="Expert opinion", type="service")
        self.env["service.charge"].create({"partner_id": self.customer.id, "product_id": product.id})

        with self.assertRaises(UserError) as refusal:
            product.unlink()

        self.assertNotIn("\n", str(refusal.exception))
