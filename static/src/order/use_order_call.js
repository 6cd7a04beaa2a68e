import { RPCError } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";

/**
 * Gives a component the function that changes the open order on the server: it saves what was typed, calls a method
 * of the order, and shows the result. What the server refuses is said in a notice, so that the hands stay free.
 *
 * @returns {(record: Object, method: string, ...args: any[]) => Promise<any>} resolves to the method's result, or to
 *      `undefined` if the order could not be saved or the server refused
 */
export function useOrderCall() {
    const orm = useService("orm");
    const notification = useService("notification");
    return async (record, method, ...args) => {
        if (!(await record.save({ reload: false }))) {
            return undefined;
        }
        try {
            return await orm.call(record.resModel, method, [[record.resId], ...args]);
        } catch (error) {
            if (!(error instanceof RPCError) || error.exceptionName !== "odoo.exceptions.UserError") {
                throw error;
            }
            notification.add(error.data.message, { type: "danger" });
            return undefined;
        } finally {
            await record.load();
        }
    };
}
