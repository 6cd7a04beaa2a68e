import { registry } from "@web/core/registry";
import { ControllerNotFoundError } from "@web/webclient/actions/action_service";

/** Goes back to the screen from which the present one was opened; home, if it was opened by its address. */
export async function leaveServiceOrder(env) {
    try {
        await env.services.action.restore();
    } catch (error) {
        if (!(error instanceof ControllerNotFoundError)) {
            throw error;
        }
        env.bus.trigger("WEBCLIENT:LOAD_DEFAULT_APP");
    }
}

registry.category("actions").add("service_order_leave", leaveServiceOrder);
