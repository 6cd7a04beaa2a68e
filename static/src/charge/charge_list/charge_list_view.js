import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";
import { ChargeListController } from "./charge_list_controller";

export const chargeListView = { ...listView, Controller: ChargeListController };

registry.category("views").add("service_charge_list", chargeListView);
