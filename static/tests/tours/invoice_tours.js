import { registry } from "@web/core/registry";

const ADD_A_LINE = ".o_field_x2many_list_row_add a:first-child";

const FINALIZE = [
    { trigger: "button[name=action_billing_finalize]", run: "click" },
    { trigger: ".modal-footer button:contains(Finalize)", run: "click" },
];

function waitForStatus(status) {
    return { trigger: `.o_field_widget[name=billing_status] .o_arrow_button_current[data-value=${status}]` };
}

registry.category("web_tour.tours").add("service_billing_invoice_by_keyboard", {
    url: "/odoo/service-invoices",
    steps: () => [
        { trigger: ".o_list_view .o_list_button_add", run: "press alt+c" },
        { trigger: ".o_form_view .o_field_widget[name=partner_id] input:focus", run: "edit Hotel Alpina" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Hotel Alpina)" },
        { trigger: ".o_field_widget[name=partner_id] input:focus", run: "press Enter" },
        { trigger: ".o_field_widget[name=partner_id]:contains(Main Street 1)" },
        {
            content: "Walk to the first line with the tab key alone",
            trigger: ".o_field_widget[name=partner_id] input:focus",
            async run({ press }) {
                for (let presses = 0; presses < 8 && !document.activeElement.matches(ADD_A_LINE); presses++) {
                    await press("Tab");
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
            },
        },
        { trigger: `${ADD_A_LINE}:focus`, run: "press Enter" },
        { trigger: ".o_selected_row [name=product_id] input:focus", run: "edit Check-up" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Check-up)" },
        { trigger: ".o_selected_row [name=product_id] input:focus", run: "press Enter" },
        { trigger: ".o_selected_row [name=price_subtotal]:contains(90.00)", run: "press alt+q" },
        { trigger: ".modal-footer button:contains(Finalize):focus", run: "press Enter" },
        waitForStatus("open"),
    ],
});

registry.category("web_tour.tours").add("service_billing_pay_and_credit", {
    steps: () => [
        waitForStatus("draft"),
        ...FINALIZE,
        waitForStatus("open"),
        {
            content: "What is rarely wanted stands under More, and one button is the next step",
            trigger: ".o_statusbar_buttons:not(:has(.btn-primary ~ .btn-primary)) button[title=More]",
            run: "click",
        },
        { trigger: ".o-dropdown--menu:has(button:contains(Void)) button[name=action_billing_share]", run: "click" },
        { trigger: ".modal:has(.o_field_widget[name=qr_code]) button:contains(Close)", run: "click" },
        { trigger: "button:contains(Register Payment)", run: "click" },
        { trigger: ".modal .o_field_widget[name=amount] input", run: "edit 1000 && press Tab" },
        { trigger: ".modal .alert:contains(more than is due)" },
        { trigger: ".modal .o_field_widget[name=amount] input", run: "edit 40 && press Tab" },
        { trigger: ".modal:not(:has(.alert:contains(more than is due)))" },
        { trigger: ".modal .o_field_widget[name=billing_external_ref] input", run: "edit CHQ-1" },
        { trigger: ".modal .o_field_widget[name=billing_note] textarea", run: "edit At the counter" },
        { trigger: ".modal button[name=action_create_payments]:contains(Create Payment)", run: "click" },
        waitForStatus("partially_paid"),
        {
            trigger:
                ".o_field_widget[name=reconciled_payment_ids] .o_data_row:contains(CHQ-1):contains(At the counter)",
        },
        { trigger: "button:contains(Add Credit Note)", run: "click" },
        { trigger: ".modal button:contains(Draft the Credit Note)", run: "click" },
        {
            trigger: ".modal:contains(Choose the reason of the credit note and explain it.) button:contains(Close)",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=billing_credit_reason] input", run: "click" },
        { trigger: ".o_select_menu_item:contains(Goodwill)", run: "click" },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit Came too late" },
        { trigger: ".modal button:contains(Draft the Credit Note)", run: "click" },
        { trigger: ".alert:contains(50.00 reduces what is due):contains(40.00 stays as the customer's credit)" },
        ...FINALIZE,
        waitForStatus("partially_paid"),
    ],
});

registry.category("web_tour.tours").add("service_billing_remove_payment", {
    steps: () => [
        waitForStatus("paid"),
        { trigger: "button[name=action_billing_remove]", run: "click" },
        { trigger: ".modal-footer button:contains(Remove Payment)", run: "click" },
        waitForStatus("open"),
        { trigger: ".o_field_widget[name=reconciled_payment_ids] .o_data_row:contains(Canceled)" },
        { trigger: "button[name=action_view_journal_items]", run: "click" },
        { trigger: ".o_breadcrumb:contains(Journal Entry INV/)" },
        { trigger: ".o_list_view .o_data_row:contains(Payment Term)" },
    ],
});

registry.category("web_tour.tours").add("service_billing_invoice_charges", {
    url: "/odoo/charges",
    steps: () => [
        { trigger: ".o_group_header:contains(Hotel Alpina)" },
        { trigger: ".o_data_row:contains(Labor) .o_list_record_selector input", run: "click" },
        { trigger: ".o_data_row:contains(Valve) .o_list_record_selector input", run: "click" },
        { trigger: ".o_service_charge_invoice:contains(Invoice 2 selected charges ($ 115.00))", run: "click" },
        { trigger: ".modal .o_field_widget[name=total_text]:contains($ 115.00)" },
        { trigger: ".modal button:contains(Draft an Invoice)", run: "click" },
        waitForStatus("draft"),
        { trigger: ".o_data_row:contains(Labor) .o_service_charge_link", run: "click" },
        { trigger: ".alert:contains(what you change here changes there)" },
        { trigger: ".o_field_widget[name=quantity] input", run: "edit 2" },
        { trigger: ".breadcrumb-item:contains(Draft Invoice) a", run: "click" },
        { trigger: ".o_data_row.text-warning:contains(Labor) [name=quantity]:contains(2.00)" },
    ],
});

registry.category("web_tour.tours").add("service_billing_invoice_pager", {
    url: "/odoo/service-invoices",
    steps: () => [
        { trigger: ".o_pager_value:contains(1-20)", run: "click" },
        { trigger: "input.o_pager_value", run: "edit 1-500 && press Enter" },
        { trigger: ".o_pager_value:contains(1-100)" },
    ],
});
