import { Register } from "./components/register/register";
import { readConfig } from "./systems/config";
import { stackConfig } from "./systems/config/engine";
import { OmenDB } from "./systems/omendb";
import { Reach } from "./systems/reach";

const config = readConfig(stackConfig(__dirname));
new Register("register", config.register);
const reach = new Reach(config.sites);
new OmenDB("omendb", { config: config.omendb, reach, assumptions: config.register.assumptions });

/** Systems of this stack. */
export const systems = ["omendb"];
