import { Component } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A link to copy, to hand to the phone's own share sheet, or to open in the programs that nearly everybody has. */
export class ServiceShareField extends Component {
    static template = "service_billing.ServiceShareField";
    static props = { ...standardFieldProps };

    setup() {
        this.notification = useService("notification");
    }

    get data() {
        return this.props.record.data;
    }

    get link() {
        return this.data[this.props.name];
    }

    get canShare() {
        return Boolean(browser.navigator.share);
    }

    async onClickCopy() {
        await browser.navigator.clipboard.writeText(this.link);
        this.notification.add(_t("Link copied."), { type: "success" });
    }

    async onClickShare() {
        try {
            await browser.navigator.share({ text: this.data.text, url: this.link });
        } catch (error) {
            // Whoever closes the share sheet has not failed.
            if (error.name !== "AbortError") {
                throw error;
            }
        }
    }
}

registry.category("fields").add("service_share", {
    component: ServiceShareField,
    supportedTypes: ["char"],
});
