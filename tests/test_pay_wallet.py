from odoo.tests import tagged

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
