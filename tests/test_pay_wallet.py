from urllib.parse import urlencode

from odoo.tests import tagged

from odoo.addons.payment.utils import generate_access_token
from odoo.addons.queue_job.tests.common import trap_jobs

from .common_autopay import AutopayCommon
from .common_jobs import performing_jobs
from .common_portal import PortalCommon
from .common_stripe import CARD, CARD_ASKING_ALWAYS, CARD_DECLINED_LATER


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

    # === PAYING WITH A SAVED CARD === #

    def _pay_with(self, invoice, card, **values):
        """Send the form of the document's page, and let the job charge the card."""
        self.company.billing_collection = "online"
        with trap_jobs():
            answer = self._post(self._path(invoice), {"choice": "full", "card": card.id, **values})
            for attempt in self._get_last_attempt(invoice).sudo():
                attempt._job_charge()
        return answer

    def _age(self, attempt, interval):
        self.env.flush_all()
        query = "UPDATE service_charge_attempt SET create_date = create_date - %s::interval WHERE id = %s"
        self.env.cr.execute(query, [interval, attempt.id])
        self.env.invalidate_all()

    def test_recognized_customer_pays_with_a_saved_card_on_the_page(self):
        card, invoice = self._save_card(), self._open_invoice(100.0)
        self.company.billing_collection = "online"
        self.authenticate("boss", "boss")
        self.assertIn("4242", self._get(self._path(invoice)).text)

        answer = self._pay_with(invoice, card)

        self.assertTrue(answer.headers["Location"].endswith(self._path(invoice)))
        self.assertEqual((invoice.billing_status, len(self._get_charges())), ("paid_online", 1))
        attempt = self._get_last_attempt(invoice)
        self.assertRecordValues(attempt, [{"is_by_customer": True, "user_id": False, "amount": 100.0}])
        self.assertEqual(self._pay_with(invoice, card).status_code, 400)
        self.assertEqual(len(self._get_charges()), 1)

    def test_page_waits_while_the_card_is_asked_and_a_second_click_charges_nothing(self):
        card, invoice = self._save_card(), self._open_invoice(100.0)
        self.company.billing_collection = "online"
        self.authenticate("boss", "boss")
        values = {"choice": "full", "card": card.id}

        with trap_jobs():
            self._post(self._path(invoice), values)
            page = self._get(self._path(invoice)).text
            self._post(self._path(invoice), values, page="/service/account")
            self._age(self._get_last_attempt(invoice), "2 minutes")
            later = self._get(self._path(invoice)).text
            self._get_last_attempt(invoice).sudo()._job_charge()
        self.assertIn("data-reload", page)
        self.assertNotIn("data-reload", later)
        self.assertIn("being processed", later)

        self.assertEqual((len(self._get_charges()), invoice.amount_residual), (1, 0.0))
        self.assertEqual(self.env["service.charge.attempt"].search_count([("move_id", "=", invoice.id)]), 1)
        self.assertNotIn("data-reload", self._get(self._path(invoice)).text)

    def test_declined_card_is_told_on_the_page_and_nothing_follows_by_itself(self):
        card, invoice = self._save_card(CARD_DECLINED_LATER), self._open_invoice(100.0)
        self.authenticate("boss", "boss")

        self._pay_with(invoice, card)

        self.assertIn("was declined", self._get(self._path(invoice)).text)
        attempt = self._get_last_attempt(invoice)
        self.assertRecordValues(attempt, [{"state": "failed", "next_try_at": False}])
        self.assertFalse(invoice.activity_ids)
        self.env["service.charge.attempt"]._retry_declined(card)
        self.assertFalse(attempt.next_try_at)
        self._age(attempt, "2 hours")
        self.assertNotIn("was declined", self._get(self._path(invoice)).text)

    def test_bank_that_asks_the_customer_is_told_on_the_page(self):
        card, invoice = self._save_card(CARD_ASKING_ALWAYS), self._open_invoice(100.0)
        self.authenticate("boss", "boss")

        self._pay_with(invoice, card)

        self.assertIn("confirm the payment", self._get(self._path(invoice)).text)

    def test_link_alone_neither_shows_nor_charges_nor_saves_a_card(self):
        card, invoice = self._save_card(), self._open_invoice(100.0)
        foreign = self._save_card(customer=self._create_customer("Another Hotel"))
        other = self._open_invoice(50.0, partner_id=foreign.partner_id.id)
        self.company.billing_collection = "online"

        for login, document in (("clerk", invoice), (None, invoice), ("boss", other)):
            self.authenticate(login, login)
            page = self._get(self._path(document)).text
            self.assertFalse(any(word in page for word in ("4242", "keep this card")), login)
            answer = self._pay_with(document, card, keep="1")
            self.assertIn("/c/pay/", answer.headers["Location"])
        self.authenticate("boss", "boss")
        self.assertEqual(self._pay_with(invoice, foreign).status_code, 400)

        self.assertFalse(self._get_charges())
        self.assertFalse(any(session["customer"] for session in self.double.find("checkout.session")))

    def test_card_of_the_hosted_page_is_kept_where_the_customer_agrees(self):
        invoice = self._open_invoice(100.0)
        self.company.billing_collection = "online"
        self.authenticate("boss", "boss")
        values = {"choice": "full", "card": "", "keep": "1"}

        self.double.pay(self._post(self._path(invoice), values).headers["Location"], CARD)
        with performing_jobs():
            self.receive(self._get_events("payment_intent.succeeded")[0])

        card = self.env["payment.token"].search([("partner_id", "=", self.customer.id)])
        self.assertRecordValues(card, [{"payment_details": "4242", "billing_consent_ip": "127.0.0.1"}])
        self.assertIn("keep this card", card.billing_consent_text)
        self.assertEqual(invoice.billing_status, "paid_online")
