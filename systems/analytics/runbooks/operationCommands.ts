import { commandsIn } from "../../runbooks/commands";

/** Commands in the namespace of the platform's jobs in production. */
export const operationCommands = commandsIn("analytics-prod");
