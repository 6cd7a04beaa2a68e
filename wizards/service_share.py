import re
from urllib.parse import quote

from markupsafe import Markup

from odoo import api, fields, models

from ..models.print.qr_code import draw_qr_code


class ServiceShare(models.TransientModel):
    _name = "service.share"
    _description = "Share a Document"

    move_id = fields.Many2one("account.move", required=True, readonly=True)
    link = fields.Char(compute="_compute_link")
    qr_code = fields.Binary(string="QR Code", compute="_compute_link")
    html_button = fields.Text(
        string="HTML Button", compute="_compute_link", help="A button for a web site or a mail of your own."
    )
    text = fields.Char(compute="_compute_link", help="In the customer's language.")
    mail_link = fields.Char(compute="_compute_link")
    sms_link = fields.Char(compute="_compute_link")
    whatsapp_link = fields.Char(compute="_compute_link")

    # === COMPUTE METHODS === #

    @api.depends("move_id")
    def _compute_link(self):
        for wizard in self:
            move = wizard.move_id.with_context(lang=wizard.move_id.partner_id.lang)
            phone = re.sub(r"[^\d+]", "", wizard.move_id.partner_id.phone or "")
            wizard.link = move._get_mail_link()
            wizard.text = move._get_mail_subject()
            wizard.html_button = Markup('<a href="%s">%s</a>') % (wizard.link, wizard.text)
            wizard.qr_code = draw_qr_code(wizard.link).split(",")[1].encode()
            body = quote(f"{wizard.text}\n{wizard.link}")
            wizard.mail_link = (
                f"mailto:{move.partner_id.email_normalized or ''}?subject={quote(wizard.text)}&body={body}"
            )
            wizard.sms_link = f"sms:{phone}?&body={body}"
            wizard.whatsapp_link = f"https://wa.me/{phone.lstrip('+')}?text={body}"
