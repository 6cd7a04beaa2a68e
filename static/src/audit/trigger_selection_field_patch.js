import { TriggerSelectionField } from "@base_automation/base_automation_trigger_selection_field";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

const ON_EVENT = "on_billing_event";
let ours = [];

/** The field groups the triggers that it knows, and fails on any other: ours is kept from it and added as a group. */
patch(TriggerSelectionField.prototype, {
    setup() {
        const { fields } = this.props.record;
        const field = fields[this.props.name];
        const found = field.selection.filter(([value]) => value === ON_EVENT);
        if (found.length) {
            ours = found;
            fields[this.props.name] = {
                ...field,
                selection: field.selection.filter(([value]) => value !== ON_EVENT),
            };
        }
        super.setup();
    },
    get options() {
        return [...super.options, ...ours];
    },
    get groups() {
        const choices = ours.map(([value, label]) => ({ value, label }));
        return [...super.groups, { label: _t("Service Billing"), choices }];
    },
});
