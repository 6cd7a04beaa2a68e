"""Chromium as a person has it: logged in, on a phone or at a desk, with a picture of each step."""

import contextlib
import shutil
import time

from playwright.sync_api import Error as BrowserError

from ..errors import CommandError

PLACE = {"timezone_id": "Europe/Brussels", "locale": "en-GB"}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1400, "height": 1000}}
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic",
]  # fmt: skip
PATIENCE = 40_000
ROUND, QUIET_ROUNDS = 100, 4


@contextlib.contextmanager
def open_browser(play, port, pictures):
    """Start Chromium.

    :param play: Playwright.
    :param int port: Where the add-on is served.
    :param Path pictures: The folder for the pictures.
    :rtype: Browser
    :raise CommandError: If there is no Chromium.
    """
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        raise CommandError("there is no Chromium: apt install chromium.")
    chromium = play.chromium.launch(executable_path=program, args=ARGUMENTS)
    try:
        yield Browser(chromium, f"http://127.0.0.1:{port}", pictures)
    finally:
        chromium.close()


class Browser:
    """Opens pages for people.

    :param chromium: Playwright's browser.
    :param str address: The server.
    :param Path pictures: The folder for the pictures.
    """

    def __init__(self, chromium, address, pictures):
        self.chromium = chromium
        self.address = address
        self.pictures = pictures
        self.steps = 0

    @contextlib.contextmanager
    def log_in(self, login, *, device, landing=".o_main_navbar"):
        """Open a page for a person whose password is the log-in.

        :param str login: The demo user.
        :param dict device: `PHONE` or `DESK`.
        :param str landing: A selector of what the person sees then.
        :rtype: Visit
        """
        with self.visit(device=device) as visit:
            visit.open("/web/login")
            visit.page.fill("input[name=login]", login)
            visit.page.fill("input[name=password]", login)
            visit.page.click("button[type=submit]")
            visit.page.wait_for_selector(landing)
            yield visit

    @contextlib.contextmanager
    def visit(self, *, device):
        """Open a page for a person who is not logged in.

        :param dict device: `PHONE` or `DESK`.
        :rtype: Visit
        """
        context = self.chromium.new_context(**PLACE, **device)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        try:
            yield Visit(self, page)
        except BrowserError:
            page.screenshot(path=self.pictures / "failed.png")
            raise
        finally:
            context.close()


class Visit:
    """One person's page."""

    def __init__(self, browser, page):
        self.browser = browser
        self.page = page
        self.clicks = 0
        self._pending = set()
        page.on("request", self._add_pending)
        page.on("requestfinished", self._drop_pending)
        page.on("requestfailed", self._drop_pending)

    def _add_pending(self, request):
        if request.resource_type in ("xhr", "fetch"):
            self._pending.add(request)

    def _drop_pending(self, request):
        self._pending.discard(request)

    def open(self, path):
        """Open a page of the server.

        :param str path: Such as `/web/login`.
        """
        self.page.goto(f"{self.browser.address}{path}")

    def go(self, path):
        """Open a page of the web client and wait until it shows something.

        :param str path: Below `/odoo/`.
        """
        self.page.goto(f"{self.browser.address}/odoo/{path}")
        self.page.wait_for_selector(".o_view_controller")

    def click(self, locator):
        """Click something, and count it: how many clicks something takes is a promise.

        :param locator: Of Playwright.
        """
        self.clicks += 1
        locator.click()

    def press(self, name, *, within=""):
        """Press the visible button of a method, and wait for the server's answer.

        :param str name: The method's name.
        :param str within: A selector of where to look.
        """
        self.page.locator(f"{within} button[name={name}]:visible").first.click()
        self.settle()

    def confirm(self):
        """Confirm the open dialog."""
        self.page.locator(".modal-footer .btn-primary:visible").first.click()
        self.page.wait_for_selector(".modal", state="detached")
        self.settle()

    def settle(self):
        """Wait until every call to the server was answered, and none followed for a moment."""
        deadline = time.monotonic() + PATIENCE / 1000
        quiet = 0
        while quiet < QUIET_ROUNDS and time.monotonic() < deadline:
            self.page.wait_for_timeout(ROUND)
            quiet = 0 if self._pending else quiet + 1

    def open_tab(self, name):
        """Open a page of the form's notebook."""
        self.page.locator(f".o_notebook .nav-link[name={name}]").click()

    def see(self, text):
        """Wait until the page shows a text."""
        self.page.get_by_text(text, exact=False).locator("visible=true").first.wait_for()

    def take_picture(self, title):
        """Write a picture of what the person sees.

        :param str title: What was just done, as a file name.
        """
        self.browser.steps += 1
        self.settle()
        self.page.screenshot(path=self.browser.pictures / f"{self.browser.steps:02}_{title}.png")
