from odoo.tests import tagged

from odoo.addons.service_billing.devtools.places import Places

from .common_autopay import AutopayCommon
from .common_portal import PortalCommon

AXE = Places.from_environment().node_tools / "node_modules" / "axe-core" / "axe.min.js"
CHECK = """
axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then((found) => {
    for (const {id, impact, nodes} of found.violations) {
        console.error(`${impact}: ${id}: ${nodes.map((node) => node.html).join(" ")}`);
    }
    const small = [...document.querySelectorAll("a, button, input:not([type=hidden])")].filter(
        (target) => target.getClientRects().length && target.getBoundingClientRect().height < 24
    );
    if (small.length) {
        console.error(`Too small to be hit: ${small[0].outerHTML}`);
    }
    if (document.documentElement.scrollWidth > document.documentElement.clientWidth) {
        console.error("The page is wider than the screen.");
    }
    console.log("test successful");
});
"""


@tagged("post_install", "-at_install")
class TestPortalAccessible(AutopayCommon, PortalCommon):
    """The pages of customers in a browser on a phone, checked by axe."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"billing_collection": "online", "phone": "+32 2 555 12 34", "email": "office@example.com"})

    def setUp(self):
        super().setUp()
        self.card = self._save_card()
        self.device = {"service_device": self.env["service.portal.device"]._remember(self.customer.email)}

    def _check(self, path, **options):
        self.browser_js(path, f"{AXE.read_text(encoding='utf-8')}\n{CHECK}", **options)

    def test_pay_page_is_accessible(self):
        self._check(self._path(self._open_invoice(100.0)))

    def test_pay_page_with_saved_cards_is_accessible(self):
        invoice = self._open_invoice(100.0)
        self.authenticate(None, None)
        self.opener.cookies.update(self.device)
        self.assertIn(self.card.display_name, self._get(self._path(invoice)).text)

        self._check(self._path(invoice), cookies=self.device)

    def test_account_is_accessible(self):
        self._agree()
        self._open_invoice(100.0)

        self._check("/service/account", cookies=self.device)

    def test_pages_behind_the_links_of_mails_are_accessible(self):
        self._agree()
        invoice = self._due_in(0)
        self._run()
        notice = self._get_items(invoice)._get_link().rpartition("/")[2]

        for path in ("/service/account", self.customer._get_card_path(self.company), f"/service/autopay/{notice}"):
            with self.subTest(path):
                self._check(path)
