from odoo import api, models


class AccountPartialReconcile(models.Model):
    """What holds a void document and its mirror together is for good, and a bad debt is recovered, not taken apart."""

    _inherit = "account.partial.reconcile"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._check_void_untouched()
        return partials

    def write(self, vals):
        if self._get_amount_fields() & vals.keys():
            documents = (self.debit_move_id | self.credit_move_id).move_id
            locked = documents.filtered(lambda move: move._is_locked())[:1]
            if locked:
                locked._refuse(
                    self.env._("%(number)s is finalized: what is applied can only be removed.", number=locked.name)
                )
        return super().write(vals)

    def unlink(self):
        self._check_untied()
        return super().unlink()

    # === BUSINESS METHODS - LOCK === #

    def _check_untied(self):
        """Make sure that nobody parts a document from the entry that takes it back or writes it off.

        :raise UserError: If somebody would.
        """
        for document, entry in self._get_pairs():
            if document.billing_void_move_id == entry:
                document._refuse(self.env._("%(number)s is void for good.", number=document.name))
            if document.billing_writeoff_move_id == entry:
                document._refuse(self.env._("%(number)s is written off: recover it instead.", number=document.name))

    def _check_void_untouched(self):
        """Make sure that no money is applied to a void document or its mirror."""
        for document, entry in self._get_pairs():
            if document.billing_void_move_id and document.billing_void_move_id != entry:
                document._refuse(self.env._("%(number)s is void for good.", number=document.name))

    # === GETTERS === #

    @api.model
    def _get_amount_fields(self):
        """Return the fields that say how much of which document is settled.

        :rtype: set[str]
        """
        return {"debit_move_id", "credit_move_id", "amount", "debit_amount_currency", "credit_amount_currency"}

    def _get_pairs(self):
        """Return the documents that the partials tie together, each pair in both directions.

        :rtype: list[tuple]
        """
        # In sudo mode because whoever removes a payment may not read the other company's document.
        partials_sudo = self.sudo()
        pairs = [(partial.debit_move_id.move_id, partial.credit_move_id.move_id) for partial in partials_sudo]
        return pairs + [(credit, debit) for debit, credit in pairs]
