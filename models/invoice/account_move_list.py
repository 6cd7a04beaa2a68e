from odoo import api, models

MAX_PAGE = 100


class AccountMove(models.Model):
    """The list of documents: a page at a time."""

    _inherit = "account.move"

    # === CRUD METHODS === #

    @api.model
    @api.readonly
    def web_search_read(self, domain, specification, offset=0, limit=None, *args, **kwargs):
        """Override of `web` to load no more than a page of invoices, whatever the screen or a script asks for."""
        if self.env.context.get("billing_pages"):
            limit = min(limit or MAX_PAGE, MAX_PAGE)
        return super().web_search_read(domain, specification, offset, limit, *args, **kwargs)
