{
    "name": "Service Billing",
    "version": "19.0.1.0.0",
    "summary": "From a finished job to money in the bank: service orders, charges, invoices, payments, credit notes",
    "category": "Services/Service Billing",
    "author": "Service Billing Developers",
    "license": "LGPL-3",
    "depends": [
        "account",
        "account_payment",
        "base_automation",
        "calendar",
        "payment_custom",
        "queue_job",
        "sale_management",
        "sale_stock",
    ],
    "external_dependencies": {
        "python": ["num2words", "pypdf", "python-stdnum", "qrcode"],
    },
    "data": [
        # ground
        "security/service_billing_groups.xml",
        "security/service_billing_security.xml",
        "security/ir.model.access.csv",
        "data/ir_sequence_data.xml",
        "data/queue_job_data.xml",
        "data/service_order_type_data.xml",
        "data/account_payment_method_data.xml",
        # settings
        "views/settings/res_config_settings_views.xml",
        # order
        "views/order/service_order_views.xml",
        "views/order/service_order_line_views.xml",
        "views/order/service_order_form_views.xml",
        "views/order/service_order_review_views.xml",
        "views/order/service_order_finish_views.xml",
        "views/order/service_order_type_views.xml",
        "views/order/service_timer_switch_views.xml",
        "views/order/product_views.xml",
        "views/order/res_users_views.xml",
        "views/order/sale_order_views.xml",
        # charge
        "views/charge/service_order_views.xml",
        "views/charge/service_order_type_views.xml",
        "views/charge/service_charge_invoice_views.xml",
        "views/charge/service_charge_waive_views.xml",
        "views/charge/service_charge_views.xml",
        "views/charge/account_move_views.xml",
        "views/charge/res_partner_views.xml",
        # invoice
        "views/invoice/account_move_form_views.xml",
        "views/invoice/account_move_line_views.xml",
        "views/invoice/account_move_reversal_views.xml",
        "views/invoice/account_move_views.xml",
        "views/invoice/service_finalize_views.xml",
        "views/invoice/service_finalize_batch_views.xml",
        "views/invoice/res_partner_views.xml",
        "views/invoice/service_order_views.xml",
        # pay
        "views/pay/account_payment_register_views.xml",
        "views/pay/account_payment_views.xml",
        "views/pay/account_move_views.xml",
        # reports
        "reports/service_order_print_templates.xml",
        "reports/service_order_report.xml",
        "reports/account_move_report.xml",
        # menus
        "views/menus.xml",
    ],
    "demo": [
        "demo/res_company_demo.xml",
        "demo/account_tax_demo.xml",
        "demo/product_demo.xml",
        "demo/stock_demo.xml",
        "demo/res_partner_demo.xml",
        "demo/res_users_demo.xml",
        "demo/service_order_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "service_billing/static/src/settings/**/*",
            "service_billing/static/src/order/**/*",
            "service_billing/static/src/charge/**/*",
            "service_billing/static/src/invoice/**/*",
        ],
        "web.assets_tests": [
            "service_billing/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "service_billing/static/tests/**/*.test.js",
        ],
        "web.report_assets_common": [
            "service_billing/static/src/print/**/*.scss",
        ],
    },
    "application": True,
    "post_init_hook": "post_init_hook",
}
