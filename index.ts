import { Register } from "./components/register/register";
import { readConfig } from "./systems/config";
import { stackConfig } from "./systems/config/engine";
import { judgedBy } from "./systems/evidence";
import { OmenDB } from "./systems/omendb";
import { Reach } from "./systems/reach";

const source = stackConfig(__dirname);
const config = readConfig(source);
new Register("register", config.register);
const reach = new Reach(config.sites);
new OmenDB("omendb", { config: config.omendb, reach, assumptions: config.register.assumptions });

/** Systems of this stack. */
export const systems = ["omendb"];

/** Hash of the evidence that judged this deployment. */
export const evidence = judgedBy(source);
