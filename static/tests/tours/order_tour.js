import { registry } from "@web/core/registry";

const BARCODE = "4006381333931";

function draw(canvas) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const send = (type, target, x, y) =>
        target.dispatchEvent(
            new PointerEvent(type, {
                bubbles: true,
                cancelable: true,
                isPrimary: true,
                pointerId: 1,
                buttons: type === "pointerup" ? 0 : 1,
                clientX: left + width * x,
                clientY: top + height * y,
            }),
        );
    send("pointerdown", canvas, 0.2, 0.2);
    send("pointermove", window, 0.5, 0.7);
    send("pointermove", window, 0.8, 0.3);
    send("pointerup", window, 0.8, 0.3);
}

registry.category("web_tour.tours").add("service_order_closed_on_a_phone", {
    steps: () => [
        {
            content: "open the visit",
            trigger: ".o_kanban_record:contains(Hotel Alpina)",
            run: "click",
        },
        {
            content: "start",
            trigger: ".o_service_thumb_bar button[name=action_start]",
            run: "click",
        },
        {
            content: "the timer runs",
            trigger: ".o_service_thumb_bar .o_service_timer:contains(0:00:0)",
        },
        {
            content: "type the barcode of a part",
            trigger: ".o_service_barcode input",
            run: `edit ${BARCODE}`,
        },
        {
            content: "add it",
            trigger: ".o_service_add_barcode",
            run: "click",
        },
        {
            content: "the part is on the order",
            trigger: ".o_field_widget[name=part_line_ids] .o_kanban_record:contains(Valve)",
        },
        {
            content: "one more",
            trigger: ".o_field_widget[name=part_line_ids] .o_service_quantity button:last",
            run: "click",
        },
        {
            content: "two of them",
            trigger: ".o_field_widget[name=part_line_ids] .o_service_quantity:contains(2.00)",
        },
        {
            content: "type an unknown barcode",
            trigger: ".o_service_barcode input",
            run: "edit 999",
        },
        {
            trigger: ".o_service_add_barcode",
            run: "click",
        },
        {
            content: "it is refused without a dialog",
            trigger: "body:not(:has(.modal)) .o_notification:contains(999)",
        },
        {
            content: "stop and look at what was done",
            trigger: ".o_service_thumb_bar button[name=action_finish]",
            run: "click",
        },
        {
            content: "what is missing is named, and it cannot be closed",
            trigger: ".o_service_finish:not(:has(button[name=action_finish_done])) li[data-code=report].fw-bolder",
        },
        {
            content: "write the report",
            trigger: ".o_service_finish [name=report] .odoo-editor-editable",
            run: "editor Replaced the valve",
        },
        {
            content: "say who signs",
            trigger: ".o_service_finish [name=signed_by] input",
            run: "edit Mr. Alpina",
        },
        {
            content: "sign",
            trigger: ".o_service_finish canvas.o_web_sign_signature",
            run: ({ anchor }) => draw(anchor),
        },
        {
            content: "done",
            trigger: ".o_service_finish button[name=action_finish_done]",
            run: "click",
        },
        {
            content: "the order says what was done",
            trigger: ".o_service_review:contains(Replaced the valve) img[alt='Signature of the customer']",
        },
    ],
});
