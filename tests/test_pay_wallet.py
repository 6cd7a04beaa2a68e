from urllib.parse import urlencode

from odoo.tests import tagged

from odoo.addons.payment.utils import generate_access_token
from odoo.addons.queue_job.tests.common import trap_jobs

from .common_autopay import AutopayCommon
from .common_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestPayWallet(AutopayCommon, PortalCommon):
    """The cards in the account area."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._create_contact("boss", "company")
        cls.clerk = cls._create_contact("clerk", "own")

    @classmethod
    def _create_contact(cls, name, role):
        contact = cls.env["res.partner"].create(
            {"name": name, "email": f"{name}@example.com", "parent_id": cls.customer.id, "billing_portal_role": role}
        )
        cls._create_portal_user(name, contact)
        return contact

    def test_cards_are_made_default_and_removed(self):
        first, second = self._save_card(), self._save_card("5555555555554444")
        self.authenticate("boss", "boss")

        self.assertIn("4242", self._get("/service/account").text)
        self._post(f"/service/account/cards/{second.id}", {"choice": "default"}, page="/service/account")
        self.assertTrue(second.billing_is_default)
        with trap_jobs():
            self._post(f"/service/account/cards/{first.id}", {"choice": "remove"}, page="/service/account")

        self.assertEqual((first.active, second.active), (False, True))

    def test_autopay_is_paused_and_ended(self):
        autopay = self._agree()
        self.authenticate("boss", "boss")

        for choice, state in (("pause", "paused"), ("resume", "active"), ("end", "ended"), ("resume", "ended")):
            self._post(f"/service/account/autopay/{autopay.id}", {"choice": choice}, page="/service/account")
            self.assertEqual(autopay.state, state)

    def test_others_neither_see_nor_change_cards(self):
        token, autopay = self._save_card(), self._agree()
        foreign = self._save_card(customer=self._create_customer("Another Hotel"))

        for login, cards in (("clerk", token | foreign), ("boss", foreign), (None, token | foreign)):
            self.authenticate(login, login)
            page = self._get("/service/account").text
            self.assertEqual("4242" in page, login == "boss")
            for card in cards:
                self._post(f"/service/account/cards/{card.id}", {"choice": "remove"}, page="/service/account")
            if login != "boss":
                self._post(f"/service/account/autopay/{autopay.id}", {"choice": "end"}, page="/service/account")

        self.assertEqual((token.active, foreign.active, autopay.state), (True, True, "active"))

    def test_portal_list_leads_to_the_page_on_which_an_invoice_is_paid(self):
        self.company.billing_collection = "online"
        invoice = self._open_invoice(100.0)
        self.authenticate("boss", "boss")

        self.assertIn(f'href="/service/account/documents/{invoice.id}"', self._get("/my/invoices").text)
        answer = self._get(f"/service/account/documents/{invoice.id}")
        self.assertTrue(answer.headers["Location"].endswith(self._path(invoice)))

    # === CORE'S PAYMENT PAGES === #

    def _get_link_values(self, amount=10.0):
        """Return what a signed link of core's to pay an amount holds."""
        values = {"partner_id": self.customer.id, "amount": amount, "currency_id": self.company.currency_id.id}
        return {**values, "access_token": generate_access_token(*values.values(), env=self.env)}

    def _send_payment(self, **values):
        """Send core's payment form, as its page does or as somebody forges it, and return the transaction."""
        method = self.env.ref("payment.payment_method_card")
        transactions = self.env["payment.transaction"]
        before = transactions.search([])
        params = {
            **self._get_link_values(),
            "provider_id": self.provider.id,
            "payment_method_id": method.id,
            "token_id": None,
            "flow": "redirect",
            "tokenization_requested": True,
            "landing_route": "/",
            "is_validation": False,
            **values,
        }
        self.url_open("/payment/transaction", json={"params": params})
        self.env.invalidate_all()
        return transactions.search([]) - before

    def test_link_of_core_neither_shows_nor_charges_nor_saves_cards(self):
        token = self._save_card()
        self.provider.write({"is_published": True, "allow_tokenization": True})
        self.env.ref("payment.payment_method_card").active = True
        link = "/payment/pay?" + urlencode({**self._get_link_values(), "company_id": self.company.id})
        for login in (None, "clerk", "boss"):
            with self.subTest(login):
                self.authenticate(login, login)
                page = self._get(link).text
                self.assertIn("o_payment_form", page)
                self.assertNotIn("4242", page)
                charged = self._send_payment(flow="token", token_id=token.id)
                self.assertNotIn(charged.state, ("pending", "authorized", "done"))
                saved = self._send_payment()
                self.assertEqual((len(saved), saved.tokenize), (1, login == "boss"))
        self.assertFalse(self._get_charges())

    def test_list_of_core_shows_and_removes_cards_for_those_who_see_all(self):
        token = self._save_card()
        for login in ("clerk", "boss"):
            self.authenticate(login, login)
            self.assertEqual("4242" in self._get("/my/payment_method").text, login == "boss")
            with trap_jobs():
                self.url_open("/payment/archive_token", json={"params": {"token_id": token.id}})
            token.invalidate_recordset()
            self.assertEqual(token.active, login == "clerk")
