import socket
from collections import defaultdict
from contextlib import contextmanager
from email import message_from_bytes, policy
from unittest.mock import patch

from aiosmtpd.controller import Controller

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .common_jobs import performing_jobs
from .common_money import MoneyCommon


class Mailbox:
    """What a mail server takes, and what it says to those whom it does not take."""

    def __init__(self):
        self.mails = []
        self.answers = defaultdict(list)

    async def _take_recipient(self, *arguments):
        _server, _session, envelope, address, _options = arguments
        if self.answers[address]:
            return self.answers[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def _take_mail(self, _server, _session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append((envelope.rcpt_tos[0], mail))
        return "250 OK"


# The names that aiosmtpd looks for.
Mailbox.handle_RCPT = Mailbox._take_recipient
Mailbox.handle_DATA = Mailbox._take_mail


def get_free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


class SmtpCommon(MoneyCommon):
    """Mails go to a real mail server on this machine: `mailbox` has what it took."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mailbox = Mailbox()
        cls.port = get_free_port()
        cls.controller = Controller(cls.mailbox, hostname="127.0.0.1", port=cls.port)
        cls.controller.start()
        cls.addClassCleanup(lambda: cls.controller.loop.is_running() and cls.controller.stop())
        cls.env["ir.mail_server"].search([]).active = False
        cls.mail_server = cls.env["ir.mail_server"].create(
            {"name": "Here", "smtp_host": "127.0.0.1", "smtp_port": cls.port, "smtp_encryption": "none"}
        )
        cls.startClassPatcher(patch.object(IrMail_Server, "_disable_send", lambda self: False))

    def setUp(self):
        super().setUp()
        self.mailbox.mails.clear()
        self.mailbox.answers.clear()

    # === STEPS === #

    @contextmanager
    def _server_down(self):
        """Have the mail server unreachable."""
        self.mail_server.smtp_port = get_free_port()
        yield
        self.mail_server.smtp_port = self.port

    @staticmethod
    def _send(invoices, **options):
        """Send the documents, with the jobs of it, and return what `_send_to_customer` remarks."""
        with performing_jobs():
            return invoices._send_to_customer(**options)

    @staticmethod
    def _get_parts(mail):
        """Return the text, the HTML and the attachments of a mail: names and contents."""
        files = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
        return mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content(), files
