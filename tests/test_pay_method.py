from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestPayMethod(MoneyCommon):
    """Ways of paying of the firm's own: the manager describes them, customers see them, billers record with them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cash = cls.company_data["default_journal_cash"]
        cls.method = cls._create_method(name="PayPal", url_template="https://paypal.me/firm/{amount}{currency}?n={ref}")

    @classmethod
    def _create_method(cls, **values):
        values = {"journal_id": cls.cash.id, "company_id": cls.company.id, **values}
        return cls.env["service.payment.method"].with_user(cls.manager).create(values)

    def test_customer_gets_the_link_with_what_is_left_to_pay(self):
        invoice = self._open_invoice(100.0)
        self._pay_invoice(invoice, 30.5)

        [method] = invoice._get_custom_payment_methods()

        reference = invoice.payment_reference.replace("/", "%2F")
        self.assertEqual(method["url"], f"https://paypal.me/firm/69.50USD?n={reference}")
        self.assertEqual((method["name"], method["instructions"]), ("PayPal", ""))

    def test_currency_says_how_many_digits_an_amount_has(self):
        yen = self.setup_other_currency("JPY", rounding=1.0)
        invoice = self._open_invoice(500.0, currency_id=yen.id)

        [method] = invoice._get_custom_payment_methods()

        self.assertIn("/500JPY?", method["url"])

    def test_instructions_are_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        method = self._create_method(name="Cheque", instructions="Bring it to us.")
        method.with_context(lang="fr_FR").instructions = "Apportez-le."
        invoice = self._open_invoice(100.0)

        texts = [entry["instructions"] for entry in invoice.with_context(lang="fr_FR")._get_custom_payment_methods()]

        self.assertEqual(texts, ["", "Apportez-le."])

    def test_only_what_can_be_paid_is_offered(self):
        paid = self._open_invoice(100.0)
        self._pay_invoice(paid, 100.0)
        self.assertEqual(paid._get_custom_payment_methods(), [])
        self.assertEqual(self._draft_invoice(100.0)._get_custom_payment_methods(), [])

        self.method.active = False

        self.assertEqual(self._open_invoice(100.0)._get_custom_payment_methods(), [])

    def test_another_company_offers_its_own(self):
        self._set_up_second_company()

        invoice = self._open_invoice(100.0, user=self.second_biller)

        self.assertEqual(invoice._get_custom_payment_methods(), [])

    def test_bad_link_and_wrong_journal_are_refused(self):
        for template in ("http://paypal.me", "javascript:alert(1)", "https://x.example/{customer}", "https://x/{"):
            with self.subTest(template), self._refused(ValidationError):
                self.method.url_template = template
        with self._refused(ValidationError):
            self.method.journal_id = self.company_data["default_journal_sale"]

    def test_payment_with_it_arrives_in_its_journal(self):
        invoice = self._open_invoice(100.0)
        model = self.env["account.payment.register"].with_user(self.biller)
        form = Form(model.with_context(active_model="account.move", active_ids=invoice.ids))
        form.journal_id = self.company_data["default_journal_bank"]
        form.billing_method_id = self.method
        self.assertEqual(form.journal_id, self.cash)

        form.save().action_create_payments()

        self.assertRecordValues(
            invoice.reconciled_payment_ids, [{"journal_id": self.cash.id, "billing_method_id": self.method.id}]
        )
        self.assertEqual(invoice._get_payment_breakdown(), [{"label": "PayPal", "amount": 100.0}])

    def test_method_of_another_company_is_refused(self):
        self._set_up_second_company()
        cash = self.env["account.journal"].search(
            [("company_id", "=", self.second_company.id), ("type", "=", "cash")], limit=1
        )
        methods = self.env["service.payment.method"].sudo()
        foreign = methods.create({"name": "Foreign", "journal_id": cash.id, "company_id": self.second_company.id})
        invoice = self._open_invoice(100.0)
        wizards = self.env["account.payment.register"].with_user(self.biller)
        wizards = wizards.with_context(active_model="account.move", active_ids=invoice.ids)

        with self.assertRaises(UserError):
            wizards.create({"billing_method_id": foreign.id}).action_create_payments()
        payment = self._pay_invoice(invoice, 100.0)
        with self.assertRaises(UserError):
            payment.sudo().billing_method_id = foreign

    def test_only_managers_change_it(self):
        for user in (self.biller, self.bookkeeper):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self._call(user, "service.payment.method", "write", self.method.ids, {"name": "Pay Here"})
        with self.assertRaises(AccessError):
            self._call(self.technician, "service.payment.method", "read", self.method.ids, ["name"])

    def test_used_method_is_archived_not_deleted(self):
        invoice = self._open_invoice(100.0)
        self._pay_invoice(invoice, 100.0, billing_method_id=self.method.id)

        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.method.unlink()
