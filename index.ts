import { Register } from "./components/register/register";
import { Analytics } from "./systems/analytics";
import { readConfig } from "./systems/config";
import { stackConfig } from "./systems/config/engine";
import { judgedBy } from "./systems/evidence";
import { OmenDB } from "./systems/omendb";
import { Omniverse } from "./systems/omniverse";
import { Platform } from "./systems/platform";
import { Reach } from "./systems/reach";

const source = stackConfig(__dirname);
const { sites, register, platform, omendb, omniverse, analytics } = readConfig(source);
new Register("register", register);
const common = { reach: new Reach(sites), assumptions: register.assumptions };
if (platform) new Platform("platform", { config: platform, ...common });
if (omendb) new OmenDB("omendb", { config: omendb, ...common });
if (omniverse) new Omniverse("omniverse", { config: omniverse, ...common });
if (analytics) new Analytics("analytics", { config: analytics, ...common });

/** Systems of this stack. */
export const systems = Object.entries({ platform, omendb, omniverse, analytics }).flatMap(([name, declared]) =>
  declared ? [name] : [],
);

/** Hash of the evidence that judged this deployment. */
export const evidence = judgedBy(source);
