import uuid

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceInvoiceTemplateField(models.Model):
    """A field of the office's own: filled in on the draft, printed on the invoice, locked with it."""

    _name = "service.invoice.template.field"
    _description = "Custom Field of an Invoice Template"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one("service.invoice.template", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="template_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Label", required=True, translate=True)
    kind = fields.Selection(
        selection=[
            ("char", "Text"),
            ("text", "Text of several lines"),
            ("integer", "Whole number"),
            ("float", "Number"),
            ("date", "Date"),
            ("boolean", "Yes or no"),
            ("selection", "Choice"),
        ],
        default="char",
        required=True,
    )
    choices = fields.Text(help="One choice a line.")
    key = fields.Char(
        default=lambda self: uuid.uuid4().hex,
        required=True,
        readonly=True,
        help="Under which documents keep the value, whatever the label.",
    )

    _key_uniq = models.UniqueIndex("(template_id, key)", "A template has each custom field once.")

    # === CONSTRAINT METHODS === #

    @api.constrains("kind", "choices")
    def _check_choices(self):
        for field in self:
            if field.kind == "selection" and not field._get_choices():
                raise ValidationError(self.env._("Write the choices of “%(field)s”, one a line.", field=field.name))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        templates = self.template_id.browse({vals["template_id"] for vals in vals_list})
        templates._prepare_change()
        return super().create(vals_list)

    def write(self, vals):
        self.template_id._prepare_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _prepare_template(self):
        self.template_id._prepare_change()

    # === GETTERS === #

    def _get_choices(self):
        return [choice.strip() for choice in (self.choices or "").splitlines() if choice.strip()]

    def _prepare_definition(self):
        """Prepare the field for the definition of the documents' properties.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        definition = {"name": self.key, "string": self.name, "type": self.kind}
        if self.kind == "selection":
            definition["selection"] = [[choice, choice] for choice in self._get_choices()]
        return definition
