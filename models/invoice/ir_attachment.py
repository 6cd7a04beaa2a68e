from odoo import models

LEGAL_FIELDS = ("invoice_pdf_report_file", "ubl_cii_xml_file")


class IrAttachment(models.Model):
    """The legal document of what is finalized is kept as it was made; other files on it are anybody's."""

    _inherit = "ir.attachment"

    # === CRUD METHODS === #

    def write(self, vals):
        if self._get_content_fields() & vals.keys():
            self._check_not_legal()
        return super().write(vals)

    def unlink(self):
        self._check_not_legal()
        return super().unlink()

    # === BUSINESS METHODS - LOCK === #

    def _check_not_legal(self):
        """Make sure that nobody changes or deletes the legal document of what is finalized.

        :raise UserError: If somebody does.
        """
        # In sudo mode because whoever owns a file may not read the document that it belongs to.
        legal_sudo = self.sudo().filtered(
            lambda file: file.res_model == "account.move" and file.res_field in LEGAL_FIELDS and file.res_id
        )
        moves = self.env["account.move"].browse(legal_sudo.mapped("res_id")).exists()
        locked = moves.sudo().filtered(lambda move: move._is_locked())[:1]
        if locked:
            locked._refuse(self.env._("%(number)s is finalized: the file of it is kept as it is.", number=locked.name))

    # === GETTERS === #

    def _get_content_fields(self):
        return {"raw", "datas", "db_datas", "store_fname", "res_model", "res_id", "res_field", "name", "mimetype"}
