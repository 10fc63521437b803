import { declare } from "./declare";
import { mutations } from "./mutations";
import { register, systemCalled } from "./system";

/** Each mutation is a system of its own, beside the system as it should be. */
const systems = mutations.map(({ id, change }) => change(systemCalled(id), id));
declare({ register: register() });
for (const parts of systems) declare(parts);
