from odoo import api, fields, models
from odoo.exceptions import ValidationError

COLLECTIONS = [("manual", "Bank transfer"), ("online", "Online")]
MOST_COOLDOWN_MINUTES = 1440


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_auto_send = fields.Boolean(
        string="Send Invoices by Themselves", help="An invoice is mailed as soon as it is finalized."
    )
    billing_ready_notice = fields.Boolean(
        string="Ready for Payment Notice",
        help="The customer is told, by a short mail without attachment, that a finalized invoice can be paid.",
    )
    billing_send_cooldown = fields.Integer(
        string="Send Again After (Minutes)",
        default=5,
        help="For so many minutes, the same document is not mailed a second time.",
    )
    billing_collection = fields.Selection(
        selection=COLLECTIONS,
        string="Invoices Are Paid",
        default="manual",
        required=True,
        help="Online: mails and the customer's page offer to pay at once. Else they show the bank account.",
    )

    billing_cycle_finish = fields.Selection(
        selection_add=[("send", "Finalize and send")], ondelete={"send": "set default"}
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("billing_send_cooldown")
    def _check_billing_send_cooldown(self):
        if any(not 0 <= company.billing_send_cooldown <= MOST_COOLDOWN_MINUTES for company in self):
            raise ValidationError(self.env._("Sending again waits between 0 and 1440 minutes."))
