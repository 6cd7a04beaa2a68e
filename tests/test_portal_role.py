from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalRole(PortalCommon):
    """What the contacts of a company see: by page, by list and by RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        contact = {"parent_id": cls.customer.id, "type": "other"}
        cls.site = cls._create_customer("Site North", **contact, email="north@example.com")
        cls.other_site = cls._create_customer("Site South", **contact, email="south@example.com")
        cls.janitor = cls._create_customer("Janitor", parent_id=cls.site.id, email="janitor@example.com")
        cls.user = cls._create_portal_user("north", cls.site)
        cls.invoices = {
            "company": cls._open_invoice(1.0),
            "site": cls._open_invoice(2.0, partner_id=cls.site.id),
            "janitor": cls._open_invoice(3.0, partner_id=cls.janitor.id),
            "other": cls._open_invoice(4.0, partner_id=cls.other_site.id),
            "work": cls._open_invoice(5.0, partner_shipping_id=cls.site.id),
        }

    def _assert_sees(self, *names):
        expected = {self.invoices[name] for name in names}
        ids = [move.id for move in self.invoices.values()]
        found = self._call(self.user, "account.move", "search", [("id", "in", ids)])
        self.assertEqual(set(found), {move.id for move in expected})
        lines = self._call(self.user, "account.move.line", "search", [("move_id", "in", ids)])
        self.assertEqual(self.env["account.move.line"].browse(lines).move_id.ids, sorted(found, reverse=True))
        account = self.env["account.move"].search(self.site._get_account_domain())
        self.assertEqual(set(account & self.env["account.move"].browse(ids)), expected)
        for move in set(self.invoices.values()) - expected:
            with self.assertRaises(AccessError):
                self._call(self.user, "account.move", "read", move.ids, ["amount_total"])

    def test_role_decides_what_a_contact_sees(self):
        for role, names in (
            ("company", self.invoices),
            ("site", ("site", "janitor", "work")),
            ("own", ("site",)),
            ("none", ()),
        ):
            with self.subTest(role):
                self.site.billing_portal_role = role
                self._assert_sees(*names)

    def test_pages_follow_the_role(self):
        self.site.billing_portal_role = "own"
        self.authenticate("north", "north")

        listed = self._get("/my/invoices").text
        for name, move in self.invoices.items():
            with self.subTest(name):
                self.assertEqual(move.name in listed, name == "site")
                self.assertEqual(self._get(f"/my/invoices/{move.id}").status_code, 200 if name == "site" else 303)
                target = self._get(f"/service/account/documents/{move.id}").headers["Location"]
                self.assertEqual("/service/pay/" in target, name == "site")

    def test_contact_who_moves_to_another_company_loses_its_documents_at_once(self):
        self._assert_sees(*self.invoices)

        self.site.parent_id = self._create_customer("New Employer", is_company=True)

        self._assert_sees()

    def test_customer_gives_nobody_another_role(self):
        self.site.billing_portal_role = "own"

        with self.assertRaises(AccessError):
            self._call(self.user, "res.partner", "write", self.site.ids, {"billing_portal_role": "company"})

    def test_other_documents_follow_core_s_rules(self):
        self.company.billing_enabled = False
        self.site.billing_portal_role = "none"
        bill = self.env["account.move"].create({"move_type": "in_invoice", "partner_id": self.site.id})
        bill.write({"invoice_date": "2026-01-10", "invoice_line_ids": [(0, 0, {"name": "Rent", "price_unit": 10.0})]})
        bill.action_post()

        self.assertTrue(self._call(self.user, "account.move", "search", [("id", "=", bill.id)]))
