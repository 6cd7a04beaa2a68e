from odoo import api, fields, models

MAX_FINDINGS = 20


class ServiceDraftFindings(models.AbstractModel):
    _name = "service.draft.findings"
    _description = "What to Look at Before Drafts Are Finalized"

    move_ids = fields.Many2many("account.move", required=True, readonly=True)
    finding_count = fields.Integer(compute="_compute_findings")
    findings = fields.Json(
        string="Before You Finalize",
        compute="_compute_findings",
        help="The first findings about the drafts, in the shape of `billing_preflight` of a document.",
    )

    # === COMPUTE METHODS === #

    @api.depends("move_ids")
    def _compute_findings(self):
        for wizard in self:
            found = [
                {
                    **finding,
                    "code": f"{draft.id}.{finding['code']}",
                    "message": self._get_finding_text(draft, finding["message"]),
                    "has_fix": False,
                }
                for draft, findings in wizard.move_ids._get_finalizable()._get_preflight_findings().items()
                for finding in findings
            ]
            wizard.finding_count = len(found)
            # What keeps a draft from being finalized comes first.
            wizard.findings = sorted(found, key=lambda finding: finding["level"])[:MAX_FINDINGS]

    # === GETTERS === #

    def _get_finding_text(self, draft, message):
        """Return what was found about one of many drafts: with its customer, unless the message begins with that.

        :param draft: The draft, an `account.move`.
        :param str message: What was found.
        :rtype: str
        """
        customer = draft.invoice_partner_display_name
        return message if message.startswith(customer or "") else f"{customer}: {message}"
