"""The technician's part: today's order, closed on a phone."""

import re

from .browser import PHONE

BARCODE_FIELD = ".o_service_barcode input"
PART_BARCODES = ("5400123401008", "5400123401206")


def close_order(browser):
    """Start, add two parts, stop, write the report, let the customer sign, Done.

    :param Browser browser: Chromium.
    :return: The number of the order.
    :rtype: str
    """
    with browser.log_in("technician", device=PHONE) as visit:
        visit.go("my-service-orders")
        visit.take_picture("technician_today")
        number = _open_next_order(visit)
        visit.press("action_start", within=".o_service_thumb_bar")
        _switch_timer(visit)
        visit.take_picture("technician_started")
        _add_parts(visit)
        visit.page.locator("div[name=part_line_ids]").scroll_into_view_if_needed()
        visit.take_picture("technician_parts")
        _work_half_a_minute(visit)
        visit.press("action_stop", within=".o_service_thumb_bar")
        _write_report(visit)
        _sign(visit)
        visit.take_picture("technician_signed")
        visit.press("action_finish", within=".o_service_thumb_bar")
        visit.take_picture("technician_finish")
        visit.press("action_finish_done")
        visit.see("Review")
        visit.take_picture("technician_done")
    return number


def _open_next_order(visit):
    card = visit.page.locator(".o_kanban_record:not(.o_kanban_ghost)", has_text="Scheduled").first
    card.click()
    visit.page.wait_for_selector(".o_service_order_form")
    visit.take_picture("technician_order")
    return visit.page.locator("div[name=name]").first.inner_text().strip()


def _switch_timer(visit):
    """Stop the timer that still runs on the order before."""
    if visit.page.locator(".modal button[name=action_switch]").count():
        visit.take_picture("technician_timer_elsewhere")
        visit.press("action_switch", within=".modal")
    visit.page.wait_for_selector(".o_service_thumb_bar button[name=action_stop]:visible")


def _add_parts(visit):
    for barcode in PART_BARCODES:
        visit.page.fill(BARCODE_FIELD, barcode)
        visit.page.press(BARCODE_FIELD, "Enter")
        visit.page.locator(".o_notification", has_text="Added").first.wait_for()
        visit.page.locator(".o_notification_close:visible").first.click()
        visit.settle()


def _work_half_a_minute(visit):
    """Wait until the timer counts as one minute, the least that is billed."""
    visit.page.locator(
        ".o_service_thumb_bar .o_service_timer", has_text=re.compile(r"0:00:[3-5]\d|0:0[1-9]:\d\d")
    ).wait_for()


def _write_report(visit):
    visit.open_tab("report")
    editor = visit.page.locator("div[name=report] .odoo-editor-editable")
    editor.click()
    editor.press_sequentially("Burner cleaned, two parts replaced, heating runs.")


def _sign(visit):
    visit.page.fill("div[name=signed_by] input", "Anna Hilgers")
    canvas = visit.page.locator("canvas.o_web_sign_signature").first
    canvas.evaluate("canvas => canvas.scrollIntoView({block: 'center'})")
    box = canvas.bounding_box()
    mouse = visit.page.mouse
    mouse.move(box["x"] + 30, box["y"] + box["height"] / 2)
    mouse.down()
    for step in range(1, 20):
        mouse.move(box["x"] + 30 + step * 10, box["y"] + box["height"] / 2 + (15 if step % 2 else -15))
    mouse.up()
    visit.settle()
