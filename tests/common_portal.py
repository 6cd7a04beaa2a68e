import re

from odoo.tests import HttpCase, new_test_user

from .common_status import StatusCommon

ACCOUNT = "DE89370400440532013000"


class PortalCommon(StatusCommon, HttpCase):
    """Customers on their pages, over HTTP: nobody is logged in unless a test says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.lang = "en_US"
        cls.bank_account = cls.env["res.partner.bank"].create(
            {"acc_number": ACCOUNT, "partner_id": cls.company.partner_id.id, "allow_out_payment": True}
        )

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    @classmethod
    def _create_portal_user(cls, login, partner):
        return new_test_user(cls.env, login, groups="base.group_portal", partner_id=partner.id, lang="en_US")

    @staticmethod
    def _path(invoice):
        return invoice.sudo()._get_pay_path()

    def _get(self, path):
        self.env.flush_all()
        answer = self.url_open(path, allow_redirects=False)
        self.env.invalidate_all()
        return answer

    def _post(self, path, values=None, *, page=None):
        """Send the form of a page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self._get(page or path).text)
        data = {**(values or {}), "csrf_token": found.group(1) if found else ""}
        answer = self.url_open(path, data=data, allow_redirects=False)
        self.env.invalidate_all()
        return answer
