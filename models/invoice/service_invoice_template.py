import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, is_html_empty

from ..settings.row_lock import wait_for_rows

MAX_CUSTOM_FIELDS = 20
DEFAULT_COLOR = "#212529"


class ServiceInvoiceTemplate(models.Model):
    """How invoices look and what they say besides their lines: layout, colours, logo, footer, terms, notes, fields of
    the office's own, and lines to start from.

    Finalized documents keep what they print: before a template changes, they move on to an archived copy of it.
    """

    _name = "service.invoice.template"
    _description = "Invoice Template"
    _order = "sequence, name, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    version_of_id = fields.Many2one(
        comodel_name="service.invoice.template",
        string="Earlier Version Of",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )

    # look
    layout_id = fields.Many2one("report.layout", help="Without a layout it is the company's.")
    logo = fields.Image(max_width=1024, max_height=512, help="Without a logo it is the company's.")
    primary_color = fields.Char(help="Of titles. Without a colour it is the company's.")
    secondary_color = fields.Char(help="Of lines and labels. Without a colour it is the company's.")
    footer = fields.Html(translate=True, help="At the foot of each page. Without a footer it is the company's.")

    # content
    payment_term_id = fields.Many2one(
        comodel_name="account.payment.term",
        string="Payment Terms",
        check_company=True,
        help="For customers who have no payment terms of their own.",
    )
    note = fields.Html(string="Terms and Notes", translate=True)
    line_ids = fields.One2many("service.invoice.template.line", "template_id", string="Lines", copy=True)
    field_ids = fields.One2many("service.invoice.template.field", "template_id", string="Custom Fields", copy=True)
    field_definition = fields.PropertiesDefinition(compute="_compute_field_definition", store=True)
    field_place = fields.Selection(
        selection=[("top", "Beside the dates"), ("bottom", "Below the total"), ("none", "Not printed")],
        string="Custom Fields Print",
        default="top",
        required=True,
    )

    # === COMPUTE METHODS === #

    @api.depends("field_ids.sequence", "field_ids.name", "field_ids.kind", "field_ids.choices")
    def _compute_field_definition(self):
        for template in self:
            template.field_definition = [field._prepare_definition() for field in template.field_ids.sorted()]

    # === CONSTRAINT METHODS === #

    @api.constrains("primary_color", "secondary_color")
    def _check_colors(self):
        for color in filter(None, (*self.mapped("primary_color"), *self.mapped("secondary_color"))):
            if not re.fullmatch("#[0-9a-fA-F]{6}", color):
                raise ValidationError(self.env._("“%(color)s” is no colour: write it like #1F4E79.", color=color))

    @api.constrains("field_ids")
    def _check_field_count(self):
        if any(len(template.field_ids) > MAX_CUSTOM_FIELDS for template in self):
            raise ValidationError(self.env._("A template has at most 20 custom fields."))

    # === CRUD METHODS === #

    def write(self, vals):
        if "field_definition" in vals:
            raise UserError(self.env._("Custom fields change on their template, not on an invoice."))
        if self._get_printed_fields() & vals.keys():
            self._prepare_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # In sudo mode because the template may be on documents of branches that the user does not see.
        used = self.env["account.move"].sudo().search([("billing_template_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._("%(template)s is in use: archive it instead.", template=used.billing_template_id.name)
            )

    # === ACTION METHODS === #

    def action_use(self):
        """Use the template on the draft from which the list of templates was opened.

        :rtype: dict
        """
        self.ensure_one()
        move = self.env["account.move"].browse(self.env.context.get("billing_move_id")).exists()
        return move._apply_billing_template(self)

    # === BUSINESS METHODS - VERSIONS === #

    def _prepare_change(self):
        """Give the finalized documents of the templates an archived copy, so that they print as they did.

        :raise UserError: If one of the templates is such a copy.
        """
        if self.version_of_id:
            raise UserError(self.env._("Finalized invoices print like this: change the current template instead."))
        wait_for_rows(self)
        # In sudo mode because the template may be on documents of branches that the user does not see.
        moves_sudo = self.env["account.move"].sudo()
        moves_sudo.flush_model(["billing_template_id", "billing_managed", "posted_before"])
        finalized = [("billing_managed", "=", True), ("posted_before", "=", True)]
        used = moves_sudo._read_group([("billing_template_id", "in", self.ids), *finalized], ["billing_template_id"])
        for (template_sudo,) in used:
            version = template_sudo.copy({"name": template_sudo.name, "active": False, "line_ids": False})
            version.version_of_id = template_sudo
            # In SQL because nobody, not even the system, writes the template of a finalized document.
            self.env.cr.execute(
                SQL(
                    "UPDATE account_move SET billing_template_id = %s"
                    " WHERE billing_template_id = %s AND billing_managed AND posted_before",
                    version.id,
                    template_sudo.id,
                )
            )
        moves_sudo.invalidate_model(["billing_template_id"])

    # === GETTERS === #

    @api.model
    def _get_printed_fields(self):
        """Return the fields that the customer sees on a finalized document.

        :rtype: set[str]
        """
        return {"layout_id", "logo", "primary_color", "secondary_color", "footer", "field_place"}

    def _prepare_print_company_values(self):
        """Prepare what the template prints instead of the company's own, in the language of the environment.

        :return: Values of `res.company`; empty where the company's look applies, or for no template.
        :rtype: dict
        """
        values = {
            "logo": self.logo,
            "external_report_layout_id": self.layout_id.view_id.id,
            "primary_color": self.primary_color,
            "secondary_color": self.secondary_color,
            "report_footer": not is_html_empty(self.footer) and self.footer,
        }
        return {name: value for name, value in values.items() if value}
