import hashlib
import hmac
import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.tests.common import trap_jobs
from odoo.addons.service_billing.models.audit import webhook_post
from odoo.addons.service_billing.models.audit.service_webhook_delivery import ALLOW_PRIVATE, MINUTES_TO_WAIT
from odoo.addons.service_billing.models.audit.webhook_post import WebhookError, post_webhook

from .common_audit import AuditCommon
from .common_jobs import performing_jobs


@contextmanager
def listening(*statuses):
    """Listen on loopback as somebody else's server does, and answer with each status in turn, then with success.

    :return: The address, and what was received: (path, headers, body) each.
    """
    received, answers = [], list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.path, dict(self.headers), body))
            self.send_response(answers.pop(0) if answers else 200)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}", received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@tagged("post_install", "-at_install")
class TestAuditWebhook(AuditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_second_company()
        cls.env["ir.config_parameter"].set_param(ALLOW_PRIVATE, "True")

    @classmethod
    def _kinds(cls, *kinds):
        names = [f"service_billing.selection__service_billing_event__kind__{kind}" for kind in kinds]
        return [(6, 0, [cls.env.ref(name).id for name in names])]

    @classmethod
    def _create_webhook(cls, url, *kinds, **values):
        webhook = {"name": "Books", "url": url, "kind_ids": cls._kinds(*kinds), **values}
        return cls.env["service.webhook"].sudo().create(webhook)

    def _finalize(self):
        invoice = self._open_invoice(100.0)
        self.env.cr.flush()
        return invoice

    # === DELIVERED === #

    def test_message_is_signed_and_says_what_happened(self):
        with listening() as (url, received), performing_jobs():
            webhook = self._create_webhook(f"{url}/hook?a=1", "finalized")
            invoice = self._finalize()
        [(path, headers, body)] = received

        self.assertEqual(path, "/hook?a=1")
        message = json.loads(body)
        self.assertEqual(message["type"], "finalized")
        self.assertEqual(message["document"], {"model": "account.move", "id": invoice.id, "name": invoice.name})
        self.assertEqual(message["details"]["total"], "100.00")
        timestamp, signature = (part.partition("=")[2] for part in headers["Service-Billing-Signature"].split(","))
        signed = f"{timestamp}.".encode() + body
        self.assertEqual(signature, hmac.new(webhook.secret.encode(), signed, hashlib.sha256).hexdigest())
        self.assertRecordValues(webhook.delivery_ids, [{"state": "done", "attempt_count": 1, "error": False}])

    def test_webhook_is_told_of_its_events_in_its_company(self):
        with listening() as (url, received), performing_jobs():
            self._create_webhook(url, "paid", "partially_paid")
            self._create_webhook(url, company_id=self.second_company.id)
            self._create_webhook(url, "finalized", active=False)
            invoice = self._finalize()
            self._pay_invoice(invoice, 100.0)
            self.env.cr.flush()

        self.assertEqual([json.loads(body)["type"] for _path, _headers, body in received], ["paid"])

    def test_webhook_without_a_choice_is_told_of_everything(self):
        with listening() as (url, received), performing_jobs():
            self._create_webhook(url)
            self._pay_invoice(self._finalize(), 40.0)
            self.env.cr.flush()

        self.assertEqual(len(received), 2)

    def test_event_goes_to_a_webhook_once(self):
        with listening() as (url, received), performing_jobs():
            webhook = self._create_webhook(url, "finalized")
            self._finalize()
        delivery = webhook.delivery_ids

        with performing_jobs():
            delivery._enqueue()

        self.assertEqual(len(received), 1)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            delivery.create({"webhook_id": webhook.id, "event_id": delivery.event_id.id})

    # === FAILED === #

    def _attempt(self, delivery):
        """Make one attempt.

        :return: The job of the next one.
        """
        with trap_jobs() as trap:
            delivery.sudo()._job_deliver()
        return trap.enqueued_jobs

    def test_failed_message_is_sent_again_later_and_in_the_end_is_a_to_do(self):
        self.company.billing_job_user_id = self.manager
        with listening(*[500] * 20) as (url, received), trap_jobs():
            webhook = self._create_webhook(url, "finalized")
            invoice = self._finalize()
            delivery = webhook.delivery_ids
            for minutes in MINUTES_TO_WAIT:
                [job] = self._attempt(delivery)
                self.assertTrue(job.eta, minutes)
                self.assertEqual(delivery.state, "waiting")
            self.assertFalse(self._attempt(delivery))

        self.assertEqual(len(received), len(MINUTES_TO_WAIT) + 1)
        self.assertEqual(len({body for _path, _headers, body in received}), 1)
        self.assertRecordValues(delivery, [{"state": "failed", "error": "The server answered 500."}])
        self.assertEqual(webhook.activity_ids.user_id, self.manager)
        self.assertEqual(webhook.failed_count, 1)
        self.assertEqual(invoice.billing_status, "open")

    def test_manager_tries_again_what_failed(self):
        with listening(*[500] * 7) as (url, received), trap_jobs():
            self._create_webhook(url, "finalized")
            self._finalize()
            delivery = self.env["service.webhook.delivery"].search([("webhook_id.url", "=", url)])
            for _attempt in range(7):
                self._attempt(delivery)
            self.assertEqual(delivery.state, "failed")
            with performing_jobs():
                delivery.with_user(self.manager).action_retry()

        self.assertEqual((delivery.state, len(received)), ("done", 8))

    def test_redirect_is_not_followed(self):
        with listening(307) as (url, received), trap_jobs():
            self._create_webhook(url, "finalized")
            self._finalize()
            delivery = self.env["service.webhook.delivery"].search([("webhook_id.url", "=", url)])
            self._attempt(delivery)

        self.assertEqual((len(received), delivery.error), (1, "The server answered 307."))

    def test_nobody_there(self):
        with listening() as (url, _received):
            pass
        with self.assertRaises(WebhookError):
            post_webhook(url, b"{}", {}, allow_private=True)

    # === OUR OWN NETWORK === #

    def test_our_own_network_is_closed(self):
        self.env["ir.config_parameter"].set_param(ALLOW_PRIVATE, "False")
        with listening() as (url, received), trap_jobs():
            self._create_webhook(url, "finalized")
            self._finalize()
            delivery = self.env["service.webhook.delivery"].search([("webhook_id.url", "=", url)])
            self._attempt(delivery)

        self.assertFalse(received)
        self.assertIn("is not a public address", delivery.error)

    def test_every_address_that_is_not_for_everybody_is_refused(self):
        hosts = ("127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1")
        for host in (*hosts, "[::1]", "[fd00::1]", "[fe80::1]", "[::ffff:127.0.0.1]"):
            with self.subTest(host=host), self.assertRaisesRegex(WebhookError, "not a public address"):
                post_webhook(f"http://{host}/", b"{}", {})

    def test_name_with_one_private_address_is_refused(self):
        found = [(2, 1, 6, "", (address, 80)) for address in ("93.184.215.14", "10.0.0.1")]
        with patch.object(webhook_post.socket, "getaddrinfo", return_value=found), self.assertRaises(WebhookError):
            post_webhook("http://example.com/", b"{}", {})

    # === SETTINGS === #

    def test_address_that_is_none_is_refused(self):
        for url in ("ftp://example.com", "example.com", "https://", "http://user:secret@example.com", "http://a:b/"):
            with self.subTest(url=url), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._create_webhook(url)

    def test_secret_is_for_managers(self):
        webhook = self._create_webhook("https://example.com")

        self.assertGreater(len(webhook.secret), 30)
        self.assertNotEqual(webhook.copy().secret, webhook.secret)
        for user in (self.biller, self.bookkeeper, self.technician):
            with self.assertRaises(AccessError):
                self._call(user, "service.webhook", "read", webhook.ids, ["secret"])

    def test_events_can_be_chosen_by_managers(self):
        kinds = self._call(self.manager, "ir.model.fields.selection", "name_search", "Partially paid")

        self.assertTrue(kinds)
