import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, onWillUnmount, useEffect } from "@odoo/owl";

const MILLISECONDS_BETWEEN_LOOKS = 2000;

/** Shows how far work in the background is, and looks again while it runs. */
export class BatchProgressField extends Component {
    static template = "service_billing.BatchProgressField";
    static props = { ...standardFieldProps };

    setup() {
        useEffect(
            (isRunning) => {
                if (isRunning) {
                    this.timer = setTimeout(() => this.look(), MILLISECONDS_BETWEEN_LOOKS);
                }
            },
            () => [this.data.status === "running", this.data.waiting_count, this.looks],
        );
        onWillUnmount(() => clearTimeout(this.timer));
    }

    looks = 0;

    get data() {
        return this.props.record.data;
    }

    get percent() {
        return Math.floor(this.data.progress);
    }

    get label() {
        const { done_count: done, failed_count: failed, line_count: count } = this.data;
        return failed
            ? _t("%(done)s of %(count)s done, %(failed)s failed", { done, count, failed })
            : _t("%(done)s of %(count)s done", { done, count });
    }

    async look() {
        this.looks += 1;
        await this.props.record.load();
        this.render();
    }
}

export const batchProgressField = {
    component: BatchProgressField,
    supportedTypes: ["float"],
    fieldDependencies: [
        { name: "status", type: "selection" },
        { name: "line_count", type: "integer" },
        { name: "done_count", type: "integer" },
        { name: "failed_count", type: "integer" },
        { name: "waiting_count", type: "integer" },
    ],
};

registry.category("fields").add("service_batch_progress", batchProgressField);
