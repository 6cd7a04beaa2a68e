import { Component, useRef } from "@odoo/owl";

import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useOrderCall } from "./use_order_call";

/** Adds a part by its barcode: seen by the camera, read by a scanner, or typed. */
export class ServiceBarcodeWidget extends Component {
    static template = "service_billing.ServiceBarcodeWidget";
    static props = { ...standardWidgetProps };

    setup() {
        this.callOrder = useOrderCall();
        this.notification = useService("notification");
        this.hasCamera = isBarcodeScannerSupported();
        this.label = _t("Barcode of a part");
        this.input = useRef("barcode");
    }

    async scan() {
        await this.add(await scanBarcode(this.env));
    }

    async addTyped() {
        const barcode = this.input.el.value.trim();
        this.input.el.value = "";
        if (barcode) {
            await this.add(barcode);
        }
    }

    async add(barcode) {
        const name = await this.callOrder(this.props.record, "action_add_barcode", barcode);
        if (name) {
            this.notification.add(_t("Added %s", name), { type: "success" });
        }
    }

    /** Enter adds; it must not also press the form's first button. */
    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.addTyped();
        }
    }
}

registry.category("view_widgets").add("service_barcode", { component: ServiceBarcodeWidget });
