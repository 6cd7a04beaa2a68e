import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime, Duration } = luxon;

/** Shows how long ago a moment was, counting on while you look: a running timer. */
export class ServiceTimerField extends Component {
    static template = "service_billing.ServiceTimerField";
    static props = { ...standardFieldProps };

    setup() {
        this.label = _t("Time on the running timer");
        this.state = useState({ now: DateTime.now() });
        let interval;
        onMounted(() => {
            interval = browser.setInterval(() => (this.state.now = DateTime.now()), 1000);
        });
        onWillUnmount(() => browser.clearInterval(interval));
    }

    /** A clock that lags behind the server's shows zero, never a negative time. */
    get elapsed() {
        const startedAt = this.props.record.data[this.props.name];
        const seconds = startedAt ? Math.floor(this.state.now.diff(startedAt, "seconds").seconds) : 0;
        return Duration.fromObject({ seconds: Math.max(0, seconds) }).toFormat("h:mm:ss");
    }
}

registry.category("fields").add("service_timer", {
    component: ServiceTimerField,
    displayName: _t("Running Timer"),
    supportedTypes: ["datetime"],
    isEmpty: () => false,
});
