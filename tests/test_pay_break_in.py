import json
import re

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_autopay import AutopayCommon
from .common_jobs import performing_jobs
from .common_portal import PortalCommon
from .common_stripe import CARD

# What every address of ours answers to whoever is not logged in and guesses: status, and where it leads.
GUESSED = {
    "GET /my/invoices/<int:invoice_id>": (303, "/my"),
    "GET /my/invoices/overdue": (403, ""),
    "POST /invoice/transaction/<int:invoice_id>": (200, ""),
    "POST /invoice/transaction/overdue": (200, ""),
    "POST /payment/archive_token": (200, ""),
    "GET /payment/stripe_checkout/return": (404, ""),
    "POST /payment/stripe_checkout/webhook/<int:provider_id>": (400, ""),
    "GET /service/account": (200, ""),
    "POST /service/account": (400, ""),
    "POST /service/account/autopay/<int:autopay_id>": (303, "/service/account"),
    "POST /service/account/cards/<int:card_id>": (303, "/service/account"),
    "GET /service/account/documents/<int:document_id>": (303, "/service/account"),
    "POST /service/account/leave": (303, "/service/account"),
    "POST /service/account/open": (400, ""),
    "POST /service/account/pay": (303, "/service/account"),
    "GET /service/autopay/<string:signed>": (404, ""),
    "POST /service/autopay/<string:signed>": (404, ""),
    "GET /service/card/<string:signed>": (404, ""),
    "POST /service/card/<string:signed>": (404, ""),
    "GET /service/pay/<int:invoice_id>/<string:token>": (404, ""),
    "POST /service/pay/<int:invoice_id>/<string:token>": (404, ""),
    "GET /service/pay/<int:invoice_id>/<string:token>/pdf": (404, ""),
    "POST /service/pay/<int:invoice_id>/request": (200, ""),
    "GET /service_billing/audit_trail/<string:model>/<int:document_id>": (303, "/web/login"),
}


@tagged("post_install", "-at_install")
class TestPayBreakIn(AutopayCommon, PortalCommon):
    """Whoever tries doors: strangers, customers of another company, and those who bill, past the screens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_second_company()
        (cls.company | cls.second_company).billing_collection = "online"
        cls.invoice = cls._open_invoice(77.77)
        cls.second_invoice = cls._open_invoice(50.0, user=cls.second_biller)

    # === STRANGERS === #

    def _get_routes(self):
        """Return the addresses whose methods are in our controllers, with what they take."""
        routes = {}
        modules = sorted(self.registry._init_modules)
        for address, endpoint in self.env["ir.http"]._generate_routing_rules(modules, None):
            kind, methods = endpoint.routing["type"], endpoint.routing["methods"]
            if endpoint.func.__func__.__module__.startswith("odoo.addons.service_billing."):
                methods = methods or {"POST" if kind == "jsonrpc" else "GET"}
                routes.update({f"{method} {address}": kind for method in methods})
        return routes

    def _guess(self, name, kind):
        """Open an address with ids that exist, and with keys that are guessed."""
        method, rule = name.split(" ")
        known = {"provider_id": self.provider, "card_id": self.token, "autopay_id": self.autopay}
        path = re.sub(
            r"<\w+:(\w+)>",
            lambda part: (
                {"model": "account.move", "signed": "guess", "token": "guess"}.get(part[1])
                or str(known.get(part[1], self.invoice).id)
            ),
            rule,
        )
        if kind == "jsonrpc":
            guesses = {"access_token": "guess", "amount": 1.0, "payment_reference": "guess", "token_id": self.token.id}
            values = {"params": guesses}
            return self.url_open(path, data=json.dumps(values), headers={"Content-Type": "application/json"})
        return self._get(path) if method == "GET" else self._post(path, page="/service/account")

    def test_every_address_tells_and_does_nothing_for_whoever_guesses(self):
        self.token, self.autopay = self._save_card(), self._agree()
        routes = self._get_routes()
        self.assertEqual(sorted(routes), sorted(GUESSED), "A new address needs its line in the table above.")

        for name, (status, target) in GUESSED.items():
            with self.subTest(name):
                answer = self._guess(name, routes[name])

                location = answer.headers.get("Location", "").partition("?")[0]
                self.assertEqual((answer.status_code, location.removeprefix(self.base_url())), (status, target))
                for secret in (self.invoice.name, "77.77", "4242", self.customer.name):
                    self.assertNotIn(secret, answer.text)
                if routes[name] == "jsonrpc":
                    self.assertIn("error", answer.json())
        self.assertEqual((self.token.active, self.autopay.state), (True, "active"))
        self.assertFalse(self.invoice.sudo().transaction_ids)
        self.assertFalse(self.env["service.stripe.event"].search([]))

    # === CUSTOMERS OF ANOTHER COMPANY === #

    def test_link_of_one_company_opens_no_invoice_of_another(self):
        token = self._path(self.invoice).rpartition("/")[2]

        for path in ("", "/pdf"):
            self.assertEqual(self._get(f"/service/pay/{self.second_invoice.id}/{token}{path}").status_code, 404)

    def test_account_of_one_company_takes_no_money_of_another(self):
        """The customer of both firms sees both; only the one that is connected is paid online."""
        self._create_portal_user("both", self.customer)
        self.authenticate("both", "both")
        page = self._get("/service/account").text
        ids = {"customer": self.customer.id, "currency": self.second_invoice.currency_id.id}

        answer = self._post("/service/account/pay", {"company": self.second_company.id, **ids}, page="/service/account")

        self.assertIn(self.second_invoice.name, page)
        self.assertTrue(answer.headers["Location"].endswith("/service/account"))
        self.assertFalse(self.second_invoice.sudo().transaction_ids)

    def test_each_company_is_paid_by_its_own_account(self):
        second = self._create_stripe_provider(self.second_company)

        for invoice, provider in ((self.invoice, self.provider), (self.second_invoice, second)):
            self._post(self._path(invoice), {"choice": "full"})
            self.assertEqual(invoice.sudo().transaction_ids.provider_id, provider)

    def test_word_of_one_account_about_the_money_of_another_books_nothing(self):
        second = self._create_stripe_provider(self.second_company)
        self.double.pay(self.second_invoice._start_checkout(50.0), CARD)
        tx = self.second_invoice.sudo().transaction_ids
        self._tell(second, "payment_intent.succeeded")
        self.double.refund_in_dashboard(tx.provider_reference, 10_00)
        self.double.dispute(tx.provider_reference, amount=20_00)
        self.double.payout()

        received = self._tell(self.provider)

        self.assertLessEqual(set(received.mapped("state")), {"unmatched", "ignored", "done"})
        done = received.filtered(lambda event: event.state == "done")
        self.assertEqual(set(done.mapped("object_kind")), {"payout"})
        payouts = self.env["service.payout"].search([("provider_id", "=", self.provider.id)])
        self.assertEqual((set(payouts.mapped("state")), payouts.entry_id.ids), ({"check"}, []))
        self.assertFalse(self.env["service.dispute"].search([("provider_id", "=", self.provider.id)]))
        self.assertFalse(tx.child_transaction_ids)
        self.assertFalse(self.env["account.payment"].search([("company_id", "=", self.company.id)]))

    def _tell(self, provider, *types):
        received = self.env["service.stripe.event"].sudo()
        with performing_jobs():
            for event in self._get_events(*types):
                received |= self.receive(event, provider)
        return received

    # === THOSE WHO BILL === #

    def test_nobody_writes_what_stripe_says_of_a_payment(self):
        self.invoice._start_checkout(77.77)
        tx = self.invoice.sudo().transaction_ids
        made = {
            "provider_id": self.provider.id,
            "payment_method_id": tx.payment_method_id.id,
            "amount": 1.0,
            "currency_id": tx.currency_id.id,
            "partner_id": self.customer.id,
        }
        custom = self.env["payment.provider"].create({"name": "Another", "company_id": self.company.id})
        other = self.env["payment.transaction"].create({**made, "provider_id": custom.id, "reference": "other"})
        attempts = [
            ("write", tx.ids, {"state": "done"}),
            ("write", tx.ids, {"amount": 1.0}),
            ("write", tx.ids, {"provider_reference": "pi_forged"}),
            ("write", tx.ids, {"provider_id": custom.id}),
            ("write", other.ids, {"provider_id": self.provider.id}),
        ]
        for user in (self.biller, self.manager):
            for method, *arguments in attempts:
                with self.subTest(user=user.login, call=(method, arguments)), self._refused(UserError):
                    self._call(user, "payment.transaction", method, *arguments)
            with self.assertRaises(AccessError):
                self._call(user, "payment.transaction", "create", [{**made, "reference": "forged", "state": "done"}])

        self._call(self.biller, "payment.transaction", "write", other.ids, {"state_message": "Ours."})
        self.assertEqual((tx.state, tx.amount, other.state_message), ("draft", 77.77, "Ours."))

    def test_nobody_hangs_the_payment_of_another_on_an_invoice(self):
        other = self._open_invoice(50.0)
        other._start_checkout(50.0)
        tx = other.sudo().transaction_ids
        for user in (self.biller, self.manager):
            for command in (Command.link(tx.id), Command.set(tx.ids)):
                with self.subTest(user=user.login, command=command), self._refused(UserError):
                    self._call(user, "account.move", "write", self.invoice.ids, {"transaction_ids": [command]})

        self.assertFalse(self.invoice.sudo().transaction_ids)
