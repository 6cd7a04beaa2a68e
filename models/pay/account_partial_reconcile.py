from odoo import api, models


class AccountPartialReconcile(models.Model):
    """What is reconciled tells how a document was paid."""

    _inherit = "account.partial.reconcile"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._get_documents()._update_paid_by()
        return partials

    def unlink(self):
        if not self:
            return True
        documents = self._get_documents()
        res = super().unlink()
        documents._update_paid_by()
        return res

    # === GETTERS === #

    def _get_documents(self):
        """Return the documents of ours that the partials settle.

        :rtype: recordset of `account.move`
        """
        return (self.debit_move_id | self.credit_move_id).move_id.filtered("billing_managed")
