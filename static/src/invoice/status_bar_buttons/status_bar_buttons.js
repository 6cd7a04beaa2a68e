import {
    AccountMoveFormCompiler,
    AccountMoveFormRenderer,
} from "@account/components/account_move_form/account_move_form";
import { patch } from "@web/core/utils/patch";
import { StatusBarButtons } from "@web/views/form/status_bar_buttons/status_bar_buttons";

const FOLDED_CLASS = "o_service_folded_step";

/** The buttons of a document: what is rarely wanted stands under "More", at a desk too. */
export class ServiceStatusBarButtons extends StatusBarButtons {
    static template = "service_billing.StatusBarButtons";

    get shownSlotNames() {
        if (this.env.isSmall) {
            return this.visibleSlotNames.slice(0, 1);
        }
        return this.visibleSlotNames.filter((name) => !this.props.slots[name].isFolded);
    }

    get foldedSlotNames() {
        const shown = this.shownSlotNames;
        return this.visibleSlotNames.filter((name) => !shown.includes(name));
    }
}

patch(AccountMoveFormRenderer, {
    components: { ...AccountMoveFormRenderer.components, StatusBarButtons: ServiceStatusBarButtons },
});

patch(AccountMoveFormCompiler.prototype, {
    compileHeader() {
        const statusBar = super.compileHeader(...arguments);
        for (const slot of statusBar.querySelectorAll("StatusBarButtons > t")) {
            const classes = slot.firstElementChild.getAttribute("className") || "";
            slot.setAttribute("isFolded", classes.includes(FOLDED_CLASS));
        }
        return statusBar;
    },
});
