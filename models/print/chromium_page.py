"""A tab that shows documents handed to it and reaches nothing but what a callback answers."""

import base64
import hashlib
import re
from dataclasses import dataclass

from .html_sheets import WINDOW_SIZE
from .render_error import RenderError

# The page may draw, and nothing else: no scripts, frames, objects, forms, or other base address.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; img-src * data:; font-src * data:; style-src * data: 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'"
)
# RFC 2606 reserves the name: it leads nowhere should a request ever pass the interception.
DOCUMENT_URL = "http://document.invalid/"
FONT_FAMILIES = {"standard": "Noto Sans", "sansSerif": "Noto Sans", "serif": "Noto Serif", "fixed": "Noto Sans Mono"}
_INLINE_PICTURE = re.compile(
    r'(?<=src=")data:(?P<mimetype>image/[\w.+-]+);base64,'
    r'(?P<content>(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)(?=")'
)


@dataclass(frozen=True)
class Resource:
    """What a reference in a document stands for."""

    content: bytes
    mimetype: str


class ChromiumPage:
    """The browser's tab. Every request of it is paused by the browser and answered here.

    :param ChromiumPipe browser: the browser, which may still be starting
    """

    def __init__(self, browser):
        self._browser = browser
        self._session = None
        self._fetch = None
        self._document = None
        self._resources = {}
        self._is_loaded = False
        self._is_complete = False

    def print_to_pdf(self, html, fetch, **options):
        """Show `html` and print it.

        :param str html: a complete document
        :param fetch: callback `url -> Resource | None`, asked once for each reference. A relative reference comes as a
            path (`/logo.png`), any other as an absolute URL. Refused with `None`, the document prints without it.
        :param options: parameters of the protocol's `Page.printToPDF`
        :return: the PDF file
        :rtype: bytes
        :raise RenderError: If the document cannot be shown or printed.
        """
        if not self._session:
            self._attach()
        self._fetch = fetch
        self._show(html)
        while True:
            self._is_complete = True
            pdf = self._call("Page.printToPDF", **options)["data"]
            if self._is_complete:
                return base64.b64decode(pdf)
            # What only the print made the browser ask for, a font perhaps, came too late for that print.
            self._wait_for_fonts()

    def _show(self, html):
        self._document = Resource(_INLINE_PICTURE.sub(self._take_out, html).encode(), "text/html; charset=utf-8")
        self._is_loaded = False
        error = self._call("Page.navigate", url=DOCUMENT_URL).get("errorText")
        if error:
            raise RenderError(f"The document was not loaded: {error}")
        while not self._is_loaded:
            self._browser.wait_event()
        self._wait_for_fonts()

    def _wait_for_fonts(self):
        self._call("Runtime.evaluate", expression="document.fonts.ready.then(() => 0)", awaitPromise=True)

    def _attach(self):
        """Take over the tab that the browser opens by itself: asking for another one would cost a second start."""
        targets = []
        self._browser.on_event = lambda _event, params: targets.append(params["targetInfo"])
        self._browser.call("Target.setDiscoverTargets", discover=True, filter=[{"type": "page"}])
        while not targets:
            self._browser.wait_event()
        target = targets[0]["targetId"]
        self._session = self._browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._browser.on_event = self._on_event
        self._call("Page.enable")
        self._call("Fetch.enable", patterns=[{"urlPattern": "*"}])
        # Reports are written for wkhtmltopdf, which prints what the screen shows.
        self._call("Emulation.setEmulatedMedia", media="screen")
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=WINDOW_SIZE,
            height=WINDOW_SIZE,
            deviceScaleFactor=0,
            mobile=False,
        )
        self._call("Page.setFontFamilies", fontFamilies=FONT_FAMILIES)

    def _take_out(self, match):
        """Put a reference in the place of a picture: that of a logo is in the header of every page."""
        path = f"/.picture/{hashlib.sha256(match['content'].encode()).hexdigest()}"
        if path not in self._resources:
            self._resources[path] = Resource(base64.b64decode(match["content"]), match["mimetype"])
        return path

    def _call(self, method, **params):
        return self._browser.call(method, session=self._session, **params)

    def _on_event(self, event, params):
        if event == "Fetch.requestPaused":
            self._answer(params["requestId"], params["request"]["url"], params["resourceType"])
        elif event == "Page.loadEventFired":
            self._is_loaded = True
        elif event in ("Inspector.targetCrashed", "Target.targetCrashed"):
            raise RenderError("The browser ran out of memory or crashed while printing.")

    def _get_resource(self, reference):
        if reference not in self._resources:
            self._resources[reference] = self._fetch(reference)
            self._is_complete = False
        return self._resources[reference]

    def _answer(self, request_id, url, resource_type):
        if resource_type == "Document":
            resource, self._document = self._document, None
        else:
            resource = self._get_resource(url[len(DOCUMENT_URL) - 1 :] if url.startswith(DOCUMENT_URL) else url)
        if resource is None:
            self._browser.send("Fetch.failRequest", session=self._session, requestId=request_id, errorReason="Aborted")
            return
        headers = {
            "Content-Type": resource.mimetype,
            "Content-Security-Policy": CONTENT_SECURITY_POLICY,
            "Access-Control-Allow-Origin": "*",
        }
        self._browser.send(
            "Fetch.fulfillRequest",
            session=self._session,
            requestId=request_id,
            responseCode=200,
            responseHeaders=[{"name": name, "value": value} for name, value in headers.items()],
            body=base64.b64encode(resource.content).decode(),
        )
