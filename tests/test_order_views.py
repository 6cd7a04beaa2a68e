from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.tests import Form, tagged

from .common import SIGNATURE, ServiceBillingCommon

ACTIONS = ("service_order_action_my", "service_order_action", "service_order_action_calendar")
PRICES = {"price_unit", "price_subtotal", "discount", "tax_ids", "amount_untaxed", "amount_total"}
BILLING = {"charge_ids", "invoice_ids", "invoice_status", "is_overbilled", "action_create_invoice"}


@tagged("post_install", "-at_install")
class TestOrderViews(ServiceBillingCommon):
    """What each role sees of service orders."""

    def setUp(self):
        super().setUp()
        self.order = self._create_order(
            scheduled_start=Datetime.now(), scheduled_stop=Datetime.add(Datetime.now(), hours=2)
        )
        self._work_order(self.order, parts=2)

    def _get_views(self, user, model, views):
        return self._call(user, model, "get_views", [(view_id, kind) for kind, view_id in views.items()])["views"]

    def _get_arch(self, user, model="service.order", kind="form", view=None):
        view_id = view and self.env.ref(f"service_billing.{view}").id
        return etree.fromstring(self._get_views(user, model, {kind: view_id})[kind]["arch"])

    def _get_names(self, arch):
        return set(arch.xpath("//@name"))

    def _read_screen(self, user, model, arch):
        """Read what the browser reads for a list, kanban or calendar."""
        names = {node.get("name") for node in arch.iter("field")} & self.env[model]._fields.keys()
        return self._call(user, model, "web_search_read", [], {name: {} for name in names})["records"]

    # === EVERY SCREEN OPENS === #

    def test_every_multi_record_screen_opens_for_each_role(self):
        for user in (self.technician, self.biller, self.bookkeeper, self.manager):
            for xmlid in ACTIONS:
                action = self.env["ir.actions.act_window"]._for_xml_id(f"service_billing.{xmlid}")
                kinds = {kind: view_id for view_id, kind in action["views"] if kind != "form"}
                for kind, view in self._get_views(user, "service.order", kinds).items():
                    with self.subTest(user=user.login, action=xmlid, view=kind):
                        rows = self._read_screen(user, "service.order", etree.fromstring(view["arch"]))

                        self.assertIn(self.order.id, [row["id"] for row in rows])

    def test_form_opens_for_each_role_in_each_state(self):
        done = self._done_order(hours=1.1, parts=1)
        for user in (self.technician, self.biller, self.bookkeeper, self.manager):
            for order in (self.order, done):
                with self.subTest(user=user.login, state=order.state):
                    form = Form(order.with_user(user))

                    self.assertEqual(form.name, order.name)

    def test_finish_screen_opens_for_technician(self):
        action = self.order.with_user(self.technician).action_finish()

        form = Form(self.order.with_user(self.technician), view="service_billing.service_order_view_form_finish")
        self.assertEqual(action["res_id"], self.order.id)
        self.assertFalse(form.missing_text)

    def test_catalogue_asks_technician_for_no_rights_on_stock(self):
        action = self.order.with_user(self.technician).action_add_from_catalog()

        views = self._get_views(self.technician, "product.product", {"kanban": action["views"][0][0]})
        rows = self._read_screen(self.technician, "product.product", etree.fromstring(views["kanban"]["arch"]))
        self.assertIn(self.part.id, [row["id"] for row in rows])

    def test_catalogue_leaves_out_what_time_is_billed_as(self):
        products = self.env["product.product"].search(self.order._get_product_catalog_domain())

        self.assertIn(self.part, products)
        self.assertNotIn(self.labor, products)

    def test_each_role_gets_the_menus_of_its_job(self):
        expected = {
            self.technician: ["Orders"],
            self.manager: ["Orders", "Configuration"],
        }
        root = self.env.ref("service_billing.menu_root")
        for user, names in expected.items():
            with self.subTest(user=user.login):
                visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
                shown = root.child_id.filtered(lambda menu, visible=visible: menu.id in visible)

                self.assertLessEqual(set(names), set(shown.mapped("name")))
                self.assertEqual("Configuration" in shown.mapped("name"), "Configuration" in names)

    # === WHAT A TECHNICIAN DOES NOT SEE === #

    def test_technician_sees_neither_prices_nor_billing(self):
        archs = {
            "form": self._get_arch(self.technician),
            "finish": self._get_arch(self.technician, view="service_order_view_form_finish"),
            "list": self._get_arch(self.technician, kind="list"),
            "lines": self._get_arch(
                self.technician, "service.order.line", "list", view="service_order_line_view_list_part"
            ),
        }
        for screen, arch in archs.items():
            with self.subTest(screen=screen):
                self.assertFalse(self._get_names(arch) & (PRICES | BILLING))

    def test_biller_sees_prices_and_billing(self):
        self.assertLessEqual({"amount_total", "price_subtotal"} | BILLING, self._get_names(self._get_arch(self.biller)))

    def test_prices_are_refused_to_technician_over_rpc(self):
        for model, ids, field in (
            ("service.order.line", self.order.line_ids.ids, "price_unit"),
            ("service.order.line", self.order.line_ids.ids, "price_subtotal"),
            ("service.order", self.order.ids, "amount_total"),
            ("service.order", self.order.ids, "charge_ids"),
        ):
            with self.subTest(field=field), self.assertRaises(AccessError):
                self._call(self.technician, model, "read", ids, [field])

    def test_catalogue_tells_technician_no_price(self):
        data = self.order.with_user(self.technician)._get_product_catalog_order_line_info(self.part.ids)

        self.assertEqual(data[self.part.id]["price"], 0.0)

    def test_setting_lets_technicians_see_prices_and_takes_it_back(self):
        settings = self.env["res.config.settings"]
        settings.create({"group_service_technician_prices": True}).execute()
        self.assertIn("price_subtotal", self._get_names(self._get_arch(self.technician)))

        settings.create({"group_service_technician_prices": False}).execute()

        self.assertNotIn("price_subtotal", self._get_names(self._get_arch(self.technician)))
        self.assertIn("price_subtotal", self._get_names(self._get_arch(self.biller)))

    # === WHAT THE SCREENS SAY === #

    def test_settings_are_kept_on_the_company(self):
        with Form(self.env["res.config.settings"]) as form:
            form.service_rounding_minutes = 10
            form.service_rounding_method = "nearest"
        form.record.execute()

        self.assertRecordValues(self.company, [{"service_rounding_minutes": 10, "service_rounding_method": "nearest"}])

    def test_hours_are_shown_as_logged_and_billed(self):
        order = self._done_order(hours=67 / 60, parts=2)

        self.assertEqual(order.line_ids.mapped("quantity_text"), ["1:07 → 1:15", "2.00 Units"])

    def test_checklist_names_what_is_there_and_what_is_missing(self):
        self.order.report = False

        checks = {check["code"]: check["is_missing"] for check in self.order.done_checks}

        self.assertEqual(checks, {"time": False, "signature": False, "report": True})

    def test_signing_on_the_screen_updates_what_is_missing(self):
        self.order.signature = False
        form = Form(self.order.with_user(self.technician))
        self.assertTrue(form.missing_text)

        form.signature = SIGNATURE

        self.assertFalse(form.missing_text)

    def test_chosen_service_becomes_a_fixed_price_line(self):
        with Form(self.order) as form, form.part_line_ids.new() as line:
            line.product_id = self.service

        self.assertEqual(self.order.line_ids.filtered(lambda line: line.product_id == self.service).kind, "fixed")

    def test_finish_stops_the_timer(self):
        order = self.order.with_user(self.technician)
        order.action_start()

        order.action_finish()

        self.assertFalse(order.running_since)
        self.assertFalse(order.missing_text)

    def test_signed_order_is_done_from_the_finish_screen(self):
        self.order.with_user(self.technician).action_finish_done()

        self.assertEqual(self.order.state, "done")

    def test_earlier_visits_are_counted_and_shown(self):
        self._create_order()
        self._create_order(partner_id=self._create_customer("Somebody Else").id)

        action = self.order.action_view_partner_orders()

        self.assertEqual(self.order.partner_order_count, 2)
        self.assertEqual(self.env["service.order"].search_count(action["domain"]), 2)

    # === OVERBILLED WORK === #

    def test_overbilled_order_leads_to_a_credit_note_of_its_invoice(self):
        order = self._done_order(hours=2)
        invoice = self._finalize_order(order)
        order.action_reopen()
        order.labor_line_ids.quantity = 1
        order.action_done()
        self.assertTrue(order.is_overbilled)

        action = order.action_credit_overbilled()

        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.biller)
            .with_context(**action["context"])
            .create(
                {
                    "billing_credit_reason": "wrong_amount",
                    "reason": "One hour only.",
                    "journal_id": invoice.journal_id.id,
                }
            )
        )
        self.assertEqual(wizard.move_ids, invoice)

    def test_work_cannot_be_edited_on_a_done_order(self):
        order = self._done_order()

        with self.assertRaises(UserError):
            order.labor_line_ids = [Command.update(order.labor_line_ids.id, {"quantity": 9})]
