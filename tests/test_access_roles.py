from contextlib import closing

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ServiceBillingCommon

ROLES = ("technician", "biller", "bookkeeper", "manager", "internal", "portal", "public")
OFFICE = {"biller": "rwcu", "bookkeeper": "rwcu", "manager": "rwcu"}
# model -> role -> what it may do: read, write, create, unlink; roles that are not named may do nothing
MATRIX = {
    "service.order": {"technician": "rw", **OFFICE},
    "service.order.line": {"technician": "rwcu", **OFFICE},
    "service.order.type": {"technician": "r", "biller": "r", "bookkeeper": "r", "manager": "rwcu"},
    "service.charge": OFFICE,
    "service.charge.credit": dict.fromkeys(OFFICE, "r"),
    "service.charge.invoice": dict.fromkeys(OFFICE, "rwc"),
    "service.charge.waive": dict.fromkeys(OFFICE, "rwc"),
    "service.timer.switch": dict.fromkeys(("technician", *OFFICE), "rwc"),
}


@tagged("post_install", "-at_install")
class TestAccessRoles(ServiceBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.internal = cls._create_user("internal", "base.group_user")
        cls.portal = cls._create_new_portal_user()
        cls.public = cls.env.ref("base.public_user")
        cls.order = cls._create_order()
        cls._work_order(cls.order)
        cls.type_unused = cls.type_repair.copy()
        cls.charge = cls.env["service.charge"].create({"partner_id": cls.customer.id, "product_id": cls.service.id})
        invoice = cls.env["service.charge"].create(
            {"partner_id": cls.customer.id, "product_id": cls.service.id}
        )._create_invoices()  # fmt: skip
        invoice.action_billing_finalize()
        cls.credit = (
            cls._credit_invoice(invoice).invoice_line_ids.sudo().billing_credited_line_id.billing_charge_ids.credit_ids
        )

    def _get_record(self, model, user):
        """Return a record on which nothing but a missing right forbids anything."""
        wizards = {
            "service.charge.invoice": {"charge_ids": self.charge.ids},
            "service.charge.waive": {"charge_ids": self.charge.ids, "reason": "Goodwill"},
            "service.timer.switch": {"order_id": self.order.id, "running_line_id": self.order.line_ids[0].id},
        }
        if model in wizards:
            return self.env[model].with_user(user).sudo().create(wizards[model])
        return {
            "service.order": self.order,
            "service.order.line": self.order.line_ids[0],
            "service.order.type": self.type_unused,
            "service.charge": self.charge,
            "service.charge.credit": self.credit,
        }[model]

    def _get_calls(self, model, record):
        values = {
            "service.order": {"partner_id": self.customer.id, "technician_id": self.technician.id},
            "service.order.line": {"order_id": self.order.id, "product_id": self.part.id, "quantity": 1},
            "service.order.type": {"name": "Other"},
            "service.charge": {"partner_id": self.customer.id, "product_id": self.service.id, "quantity": 3},
            "service.charge.credit": {"quantity": 1, "charge_id": self.charge.id, "credit_line_id": 1},
            "service.charge.invoice": {"charge_ids": self.charge.ids},
            "service.charge.waive": {"charge_ids": self.charge.ids, "reason": "Other"},
            "service.timer.switch": {"order_id": self.order.id, "running_line_id": self.order.line_ids[0].id},
        }[model]
        unlinked = record.copy() if model == "service.order" else record
        return {
            "r": ("read", record.ids, ["display_name"]),
            "w": ("write", record.ids, values),
            "c": ("create", [values]),
            "u": ("unlink", unlinked.ids),
        }

    def test_each_role_may_do_what_its_job_needs_and_no_more(self):
        for model, rights in MATRIX.items():
            for role in ROLES:
                user = getattr(self, role)
                for right, call in self._get_calls(model, self._get_record(model, user)).items():
                    with self.subTest(model=model, role=role, right=right), closing(self.cr.savepoint()):
                        try:
                            self._call(user, model, *call)
                            is_allowed = True
                        except AccessError:
                            is_allowed = False
                        self.assertEqual(is_allowed, right in rights.get(role, ""))

    def test_outsiders_find_nothing(self):
        for role in ("internal", "portal", "public"):
            for model in ("service.order", "service.order.line", "service.charge"):
                with self.subTest(role=role, model=model):
                    for method, arguments in (("search", [[]]), ("search_count", [[]]), ("name_search", [""])):
                        with self.assertRaises(AccessError):
                            self._call(getattr(self, role), model, method, *arguments)

    def test_wizards_of_others_are_out_of_reach(self):
        for model, user in (
            ("service.charge.invoice", self.bookkeeper),
            ("service.charge.waive", self.bookkeeper),
            ("service.timer.switch", self.other_technician),
        ):
            with self.subTest(model=model):
                record = self._get_record(model, self.biller)

                with self.assertRaises(AccessError):
                    self._call(user, model, "read", record.ids, ["display_name"])

    def test_actions_need_the_role_that_they_are_for(self):
        done = self._done_order()
        for role in ("technician", "internal", "portal", "public"):
            user = getattr(self, role)
            for model, record, method, *arguments in (
                ("service.order", done, "action_create_invoice"),
                ("service.order", done, "action_view_charges"),
                ("service.charge", self.charge, "action_waive", "Goodwill"),
                ("service.charge", self.charge, "action_unwaive"),
                ("service.charge", self.charge, "action_create_invoices"),
            ):
                with self.subTest(role=role, method=method), self.assertRaises(AccessError):
                    self._call(user, model, method, record.ids, *arguments)
        for role in ("internal", "portal", "public"):
            for method in ("action_start", "action_stop", "action_done", "action_cancel", "action_reopen"):
                with self.subTest(role=role, method=method), self.assertRaises(AccessError):
                    self._call(getattr(self, role), "service.order", method, self.order.ids)

    def test_technician_sees_nothing_of_the_accounts(self):
        invoice = self._invoice_order(self._done_order())

        for model, record in (
            ("account.move", invoice),
            ("account.move.line", invoice.line_ids),
            ("account.payment", self.env["account.payment"]),
            ("account.journal", invoice.journal_id),
            ("service.charge", invoice.billing_charge_ids),
        ):
            with self.subTest(model=model):
                with self.assertRaises(AccessError):
                    self._call(self.technician, model, "search_read", [], ["display_name"])
                with self.assertRaises(AccessError):
                    self._call(self.technician, model, "read", record.ids or [1], ["display_name"])

    def test_accountant_without_a_role_of_ours_still_works_with_invoices(self):
        accountant = self._create_user("accountant", "account.group_account_invoice")
        invoice = self._invoice_order(self._done_order())
        manual = self.env["account.move"].with_user(accountant).create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [(0, 0, {"product_id": self.service.id})],
            }
        )  # fmt: skip

        manual.action_post()
        self._call(accountant, "account.move", "read", invoice.ids)
        self._call(accountant, "account.move", "copy", invoice.ids)
        self._call(accountant, "account.move", "write", invoice.ids, {"narration": "Thank you."})

        self.assertEqual(manual.state, "posted")
