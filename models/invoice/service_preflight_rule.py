from odoo import api, fields, models, tools

LEVELS = [("blocking", "Must be mended"), ("warning", "Warning"), ("off", "Not checked")]
DEFAULT_LEVEL = "warning"


class ServicePreflightRule(models.Model):
    """How much one of the checks before finalize means to a company; a warning where nothing is said."""

    _name = "service.preflight.rule"
    _description = "Check Before Finalize"
    _inherit = ["service.cached.mixin"]
    _order = "id"
    _rec_name = "check"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    check = fields.Selection(
        selection=[
            ("vat", "Business customer without VAT number"),
            ("einvoice", "Data missing for the e-invoice"),
            ("email", "Customer without e-mail address"),
            ("bounced", "E-mail bounced before"),
            ("duplicate", "Same customer and total in the last 30 days"),
            ("price", "Line without price"),
            ("tax", "Taxes do not fit the customer"),
            ("unusual", "More than three times the usual total"),
            ("report", "Report of the order is not signed"),
        ],
        required=True,
        readonly=True,
    )
    level = fields.Selection(selection=LEVELS, required=True, default=DEFAULT_LEVEL)

    _check_uniq = models.UniqueIndex('(company_id, "check")', "This check is in the list already.")

    # === ACTION METHODS === #

    @api.model
    def action_open(self):
        """Open the checks of the company, every one of them.

        :rtype: dict
        """
        self.check_access("create")
        known = self.search([("company_id", "=", self.env.company.id)]).mapped("check")
        codes = [code for code, _label in self._fields["check"].selection if code not in known]
        self.create([{"check": code} for code in codes])
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.service_preflight_rule_action")
        return {**action, "domain": [("company_id", "=", self.env.company.id)]}

    # === GETTERS === #

    @api.model
    @tools.ormcache("company_id")
    def _get_levels(self, company_id):
        """Return the level of every check in a company.

        :return: `{check: level}`
        :rtype: dict[str, str]
        """
        # In sudo mode because whoever finalizes need not know the rules.
        rules_sudo = self.sudo().search([("company_id", "=", company_id)])
        levels = {rule.check: rule.level for rule in rules_sudo}
        return {code: levels.get(code, DEFAULT_LEVEL) for code, _label in self._fields["check"].selection}
