import re
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Datetime
from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .common_portal import PortalCommon
from .common_smtp import SmtpCommon

ACCOUNT, ADDRESS = "/service/account", "customer@example.com"
HOSTED = "https://checkout.example.com/c/pay/1"


@tagged("post_install", "-at_install")
class TestPortalAccount(SmtpCommon, PortalCommon):
    """The account area: opened with a one-time code that goes to the contact on file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_customer = cls._create_customer("Somebody Else", email="else@example.com")
        cls.invoice = cls._open_invoice(100.0)
        cls.foreign = cls._open_invoice(77.77, partner_id=cls.other_customer.id)

    # === STEPS === #

    def _ask(self, email=ADDRESS):
        """Ask for a code, let the job mail it, and return the page and the code."""
        self.mailbox.mails.clear()
        with trap_jobs() as trap:
            page = self._post(ACCOUNT, {"email": email}, page=ACCOUNT)
        for job in trap.enqueued_jobs:
            self.env["service.portal.code"].browse(job.recordset.ids)._job_send()
        bodies = [mail.get_body(("plain",)).get_content() for _recipient, mail in self.mailbox.mails]
        return page, next((re.search(r"\b\d{6}\b", body).group() for body in bodies), None)

    def _redeem(self, code, email=ADDRESS):
        return self._post(f"{ACCOUNT}/open", {"email": email, "code": code}, page=ACCOUNT)

    def _enter(self, email=ADDRESS):
        _page, code = self._ask(email)
        answer = self._redeem(code, email)
        self.assertEqual(answer.status_code, 303)
        return answer

    # === CODES === #

    def test_code_opens_the_account_and_the_device_is_remembered(self):
        self.assertNotIn(self.invoice.name, self._get(ACCOUNT).text)

        cookie = self._enter().headers["Set-Cookie"]

        self.assertIn("HttpOnly", cookie)
        self.assertIn("SameSite=Lax", cookie)
        page = self._get(ACCOUNT).text
        self.assertIn(self.invoice.name, page)
        self.assertNotIn("77.77", page)

    def test_code_works_once(self):
        _page, code = self._ask()
        self._redeem(code)
        self.opener.cookies.clear()

        self.assertEqual(self._redeem(code).status_code, 400)

    def test_wrong_code_is_explained_and_five_end_it(self):
        _page, code = self._ask()
        wrong = "000000" if code != "000000" else "111111"
        for _try in range(5):
            answer = self._redeem(wrong)
            self.assertEqual(answer.status_code, 400)
            self.assertIn('role="alert"', answer.text)

        self.assertEqual(self._redeem(code).status_code, 400)

    def test_code_ends_after_ten_minutes(self):
        _page, code = self._ask()
        with freeze_time(Datetime.now() + timedelta(minutes=11)):
            self.assertFalse(self.env["service.portal.code"]._redeem(ADDRESS, code))

        self.assertTrue(self.env["service.portal.code"]._redeem(ADDRESS, code))

    def test_new_code_ends_the_one_before(self):
        _page, first = self._ask()
        _page, second = self._ask()

        self.assertFalse(self.env["service.portal.code"]._redeem(ADDRESS, first) and first != second)
        self.assertTrue(self.env["service.portal.code"]._redeem(ADDRESS, second))

    def test_code_of_one_address_opens_no_other(self):
        _page, code = self._ask()

        self.assertFalse(self.env["service.portal.code"]._redeem("else@example.com", code))

    def test_answer_does_not_tell_who_is_a_customer(self):
        known, code = self._ask()
        unknown, nothing = self._ask("unknown@example.com")

        self.assertTrue(code)
        self.assertIsNone(nothing)
        self.assertEqual(*(re.sub(r'value="[^"]*"|[a-z]+@example.com', "", page.text) for page in (known, unknown)))

    def test_no_code_is_kept_anywhere(self):
        _page, code = self._ask()

        row = self.env["service.portal.code"].search([("email", "=", ADDRESS)])
        self.assertNotIn(code, str(row.read()))
        self.assertFalse(self.env["mail.message"].search_count([("body", "ilike", code)]))

    def test_fourth_code_in_a_quarter_of_an_hour_is_not_mailed(self):
        codes = [self._ask()[1] for _request in range(4)]

        self.assertTrue(all(codes[:3]))
        self.assertIsNone(codes[3])

    def test_address_that_is_none_is_explained(self):
        answer = self._post(ACCOUNT, {"email": "nobody"}, page=ACCOUNT)

        self.assertEqual(answer.status_code, 400)
        self.assertIn('aria-invalid="true"', answer.text)

    # === DEVICES === #

    def test_device_is_forgotten(self):
        self._enter()

        self._post(f"{ACCOUNT}/leave", page=ACCOUNT)

        self.assertFalse(self.env["service.portal.device"].search([("email", "=", ADDRESS)]))
        self.assertNotIn(self.invoice.name, self._get(ACCOUNT).text)

    def test_biller_signs_devices_out(self):
        self._enter()

        self.customer.with_user(self.biller).action_billing_sign_out()

        self.assertNotIn(self.invoice.name, self._get(ACCOUNT).text)

    def test_device_is_worth_nothing_once_the_address_belongs_to_nobody(self):
        self._enter()
        self.customer.email = "new@example.com"

        self.assertNotIn(self.invoice.name, self._get(ACCOUNT).text)

    def test_device_ends_after_ninety_days(self):
        key = self.env["service.portal.device"]._remember(ADDRESS)
        self.assertTrue(self.env["service.portal.device"]._recognize(key))

        with freeze_time(Datetime.now() + timedelta(days=91)):
            self.assertFalse(self.env["service.portal.device"]._recognize(key))
        for guess in ("", "x", key[:-1], None):
            self.assertFalse(self.env["service.portal.device"]._recognize(guess))

    # === DOCUMENTS === #

    def test_document_leads_to_its_page_and_nobody_else_s_does(self):
        own, foreign = (f"{ACCOUNT}/documents/{move.id}" for move in (self.invoice, self.foreign))
        self.assertTrue(self._get(own).headers["Location"].endswith(ACCOUNT))
        self._enter()

        self.assertIn("/service/pay/", self._get(own).headers["Location"])
        for path in (foreign, f"{ACCOUNT}/documents/{self._draft_invoice().id}"):
            self.assertTrue(self._get(path).headers["Location"].endswith(ACCOUNT))

    def test_all_that_is_open_of_one_currency_is_paid_at_once(self):
        second = self._open_invoice(50.0)
        euro = self.env.ref("base.EUR")
        euro.active = True
        self._open_invoice(30.0, currency_id=euro.id)
        self._enter()
        moves = type(self.env["account.move"])
        with (
            patch.object(moves, "_has_to_be_paid", return_value=True),
            patch.object(type(self.env["res.company"]), "_get_online_provider", return_value=self.env.company),
            patch.object(moves, "_start_checkout", autospec=True, return_value=HOSTED) as checkout,
        ):
            page = self._get(ACCOUNT).text
            ids = {"company": self.company.id, "customer": self.customer.id, "currency": self.company.currency_id.id}
            answer = self._post(f"{ACCOUNT}/pay", ids, page=ACCOUNT)
            stranger = {**ids, "customer": self.other_customer.id}
            self.assertNotEqual(self._post(f"{ACCOUNT}/pay", stranger, page=ACCOUNT).headers["Location"], HOSTED)

        self.assertEqual(page.count("To pay to"), 2)
        self.assertEqual(answer.headers["Location"], HOSTED)
        [(invoices, amount)] = [call.args for call in checkout.call_args_list]
        self.assertEqual((set(invoices.ids), amount), ({self.invoice.id, second.id}, 150.0))

    def test_what_is_taken_off_for_paying_early_is_said(self):
        terms = self.env["account.payment.term"].create(
            {"name": "2 % early", "early_discount": True, "discount_percentage": 2.0, "discount_days": 10}
        )
        self._open_invoice(50.0, invoice_payment_term_id=terms.id)
        self._enter()
        with (
            patch.object(type(self.env["account.move"]), "_has_to_be_paid", return_value=True),
            patch.object(type(self.env["res.company"]), "_get_online_provider", return_value=self.env.company),
        ):
            page = self._get(ACCOUNT).text

        self.assertIn("Discounts for paying early", page)
        self.assertEqual(page.count("149.00"), 1)
        self.assertEqual(page.count("1.00</span>"), 1)

    def test_long_history_has_pages(self):
        for _number in range(21):
            self._open_invoice(1.0)
        self._enter()

        self.assertIn("Page 1 of 2", self._get(ACCOUNT).text)
        for page in ("2", "99", "-1", "x"):
            self.assertEqual(self._get(f"{ACCOUNT}?page={page}").status_code, 200)

    def test_open_invoices_have_pages_of_their_own_and_totals_of_all(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        for _number in range(21):
            self._open_invoice(2.0)
        foreign = self._open_invoice(30.0, currency_id=euro.id)
        self._enter()
        key = f"{self.company.id}-{self.customer.id}-{self.company.currency_id.id}"

        first = self._get(ACCOUNT).text.partition('id="history"')[0]
        second = self._get(f"{ACCOUNT}?group={key}&part=2").text.partition('id="history"')[0]

        for page, shown in ((first, 21), (second, 3)):
            self.assertEqual(page.count(f"{ACCOUNT}/documents/"), shown, "The other currency stays on its first page.")
            self.assertIn("142.00", page)
            self.assertIn(foreign.name, page)
            self.assertEqual(page.count(f"group={key}"), 1)
        for asked in ("99", "0", "-1", "x", "\u00b2"):
            self.assertEqual(self._get(f"{ACCOUNT}?group={key}&part={asked}&page={asked}").status_code, 200)

    def test_open_invoices_are_read_together(self):
        domain = [("commercial_partner_id", "=", self.customer.id), ("billing_status", "=", "open")]

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["account.move"].sudo().search(domain)._get_open_account()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for _number in range(5):
            self._open_invoice(2.0)

        self.assertEqual(count(), few)

    def test_forms_of_other_sites_are_refused(self):
        for path in (ACCOUNT, f"{ACCOUNT}/open", f"{ACCOUNT}/leave", f"{ACCOUNT}/pay"):
            with self.subTest(path):
                self.assertEqual(self.url_open(path, data={"email": ADDRESS}).status_code, 400)
