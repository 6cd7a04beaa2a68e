from odoo.tests import tagged

from .common import ServiceBillingCommon
from .test_access_advance import MATRIX as ADVANCE_MATRIX
from .test_access_roles import MATRIX, OFFICE, ROLES
from .test_access_subscription import MATRIX as SUBSCRIPTION_MATRIX

READ = dict.fromkeys(OFFICE, "r")
WIZARD = dict.fromkeys(OFFICE, "rwc")
OPERATIONS = {"read": "r", "write": "w", "create": "c", "unlink": "u"}
# model -> role -> what it may do: read, write, create, unlink; roles that are not named may do nothing
RIGHTS = {
    "service.autopay": dict.fromkeys(OFFICE, "rwc"),
    "service.autopay.item": READ,
    "service.billing.event": READ,
    "service.billing.event.run": {"manager": "r"},
    "service.billing.profile": OFFICE,
    "service.billing.radar": WIZARD,
    "service.billing.refusal": {"manager": "r"},
    "service.billing.run": OFFICE,
    "service.billing.run.line": READ,
    "service.charge.attempt": READ,
    "service.charge.card": WIZARD,
    "service.delivery": READ,
    "service.draft.batch": OFFICE,
    "service.draft.item": OFFICE,
    "service.draft.line": READ,
    "service.finalize": WIZARD,
    "service.finalize.batch": dict.fromkeys(OFFICE, "rw"),
    "service.finalize.line": READ,
    "service.invoice.import": OFFICE,
    "service.invoice.import.column": OFFICE,
    "service.invoice.import.line": dict.fromkeys(OFFICE, "rw"),
    "service.invoice.tag": OFFICE,
    "service.invoice.tax": WIZARD,
    "service.invoice.template": {"biller": "r", "bookkeeper": "r", "manager": "rwcu"},
    "service.invoice.template.field": {"biller": "r", "bookkeeper": "r", "manager": "rwcu"},
    "service.invoice.template.line": {"biller": "r", "bookkeeper": "r", "manager": "rwcu"},
    "service.job": {"manager": "r"},
    "service.job.kind": {"manager": "r"},
    "service.number.format": {"manager": "rwc"},
    "service.open.item": READ,
    "service.portal.code": {},
    "service.portal.device": {},
    "service.portal.limit": {},
    "service.payment.method": {"biller": "r", "bookkeeper": "r", "manager": "rwcu"},
    "service.preflight.rule": {"manager": "rwcu"},
    "service.dispute": READ,
    "service.payout": dict.fromkeys(("bookkeeper", "manager"), "r"),
    "service.payout.line": dict.fromkeys(("bookkeeper", "manager"), "r"),
    "service.refund": READ,
    "service.refund.request": WIZARD,
    "service.send": WIZARD,
    "service.share": WIZARD,
    "service.stripe.customer": {},
    "service.stripe.event": {"manager": "r"},
    "service.stripe.invoice": READ,
    "service.webhook": {"manager": "rwcu"},
    "service.webhook.delivery": {"manager": "r"},
    "service.correct": WIZARD,
    "service.credit.item": READ,
    "service.credit.refund": WIZARD,
    "service.credit.use": READ,
    "service.prepayment": WIZARD,
    "service.late.payment": WIZARD,
    "service.mark.paid": WIZARD,
    "service.void": WIZARD,
    "service.write.off": {"manager": "crw"},
}


@tagged("post_install", "-at_install")
class TestAccessRights(ServiceBillingCommon):
    def test_each_role_has_the_rights_on_models_that_its_job_needs_and_no_more(self):
        users = {role: getattr(self, role, None) for role in ROLES}
        users["internal"] = self._create_user("internal", "base.group_user")
        users["portal"] = self._create_new_portal_user()
        users["public"] = self.env.ref("base.public_user")
        for model, rights in RIGHTS.items():
            for role, user in users.items():
                with self.subTest(model=model, role=role):
                    records = self.env[model].with_user(user)
                    allowed = "".join(right for name, right in OPERATIONS.items() if records.has_access(name))
                    self.assertEqual(sorted(allowed), sorted(rights.get(role, "")))

    def test_every_model_of_ours_is_named(self):
        own = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("service.") and not model._abstract and "service_billing" in model._original_module
        }

        self.assertEqual(own, {*MATRIX, *ADVANCE_MATRIX, *SUBSCRIPTION_MATRIX, *RIGHTS})
