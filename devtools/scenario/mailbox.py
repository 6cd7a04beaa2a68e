"""Where the firm's mails arrive: a mail server on this machine, and what a customer finds in a mail."""

import contextlib
import re
import time
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from ..server import HOST, get_free_port

# What a mail program on a phone adds.
MAIL_PROGRAM = '<meta charset="utf-8" /><meta name="viewport" content="width=device-width" />'
SECONDS_TO_ARRIVE, SECONDS_BETWEEN_LOOKS = 60, 0.2


class Mailbox:
    """Keeps what arrives until somebody takes it.

    :param Path folder: Where mails are written that somebody opens.
    """

    def __init__(self, folder):
        self.folder = folder
        self.mails = []

    def take(self, address):
        """Wait for a mail, and take it out: the oldest one.

        :param str address: To whom it was sent.
        :rtype: email.message.EmailMessage
        :raise AssertionError: If none arrives.
        """
        deadline = time.monotonic() + SECONDS_TO_ARRIVE
        while time.monotonic() < deadline:
            for recipient, mail in self.mails:
                if recipient == address:
                    self.mails.remove((recipient, mail))
                    return mail
            time.sleep(SECONDS_BETWEEN_LOOKS)
        raise AssertionError(f"no mail arrived for {address}")

    def open(self, visit, address):
        """Open the next mail to an address, as a mail program shows it.

        :param Visit visit: The page of the recipient.
        :param str address: To whom it was sent.
        """
        page = self.folder / "mail.html"
        content = self.take(address).get_body(("html",)).get_content()
        page.write_text(f"{MAIL_PROGRAM}{content}", encoding="utf-8")
        visit.page.goto(page.as_uri())

    def take_code(self, address):
        """Return the one-time code of the next mail to an address.

        :rtype: str
        """
        return re.search(r"\b\d{6}\b", self.take(address).get_body(("plain",)).get_content()).group()

    async def handle_data(self, _server, _session, envelope):
        """Take a mail, whoever it is for; aiosmtpd calls this."""
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails += [(recipient, mail) for recipient in envelope.rcpt_tos]
        return "250 OK"


# The name that aiosmtpd looks for.
Mailbox.handle_DATA = Mailbox.handle_data


@contextlib.contextmanager
def receiving(folder):
    """Take mails until the context ends.

    :param Path folder: Where mails are written that somebody opens.
    :return: The mailbox, and the options with which a server sends there.
    :rtype: tuple[Mailbox, list[str]]
    """
    mailbox, port = Mailbox(folder), get_free_port()
    controller = Controller(mailbox, hostname=HOST, port=port)
    controller.start()
    try:
        yield mailbox, [f"--smtp={HOST}", f"--smtp-port={port}"]
    finally:
        controller.stop()
