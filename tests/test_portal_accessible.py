from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.service_billing.devtools.places import Places

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
class TestPortalAccessible(PortalCommon):
    """The pages of customers in a browser on a phone, checked by axe."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._open_invoice(100.0)

    def _check(self, path, **options):
        self.browser_js(path, f"{AXE.read_text(encoding='utf-8')}\n{CHECK}", **options)

    def test_pay_page_is_accessible(self):
        with patch.object(type(self.env["account.move"]), "_is_payable_online", return_value=True):
            self._check(self._path(self.invoice))

    def test_account_is_accessible(self):
        key = self.env["service.portal.device"]._remember(self.customer.email)

        self._check("/service/account", cookies={"service_device": key})
