import { LockedBucket } from "../components/storage/lockedBucket";
import { stackConfig } from "../systems/config/engine";
import { readBootstrapConfig } from "./config";
import { boundaryName, PREFIX, stateBuckets } from "./names";
import { regionsOf } from "./regions";
import { StackAccess } from "./stackAccess";
import { evidenceAllows, stateAllows } from "./stateAccess";
import { StateStore } from "./stateStore";
import { backendOf, secretsProviderOf, variablesOf } from "./variables";

const config = readBootstrapConfig(stackConfig(__dirname));
const { home, state, evidence, github } = config;
const stacks = Object.entries(config.stacks);

const providers = regionsOf("home", home);
const buckets = stateBuckets(state);
new StateStore("state", {
  buckets,
  providers,
  account: home.account,
  role: `${PREFIX}state-copier`,
  lock: state.lock,
  keepBackups: state.keepBackups,
  allows: (bucket) => stateAllows(bucket, config),
});
new LockedBucket("evidence", {
  bucket: evidence.bucket,
  provider: providers.main,
  lock: evidence.lock,
  expire: evidence.expire,
  expiring: "",
  allows: evidenceAllows(config),
});
const access = stacks.map(([stack, settings], index) => {
  const known = [...github.trustedIn, ...stacks.slice(0, index).map(([, { account }]) => account)];
  return new StackAccess(stack, { config, stack, settings, trusts: !known.includes(settings.account) });
});

/** URL of the state, for `pulumi login` and the repository's variable PULUMI_BACKEND_URL. */
export const backend = backendOf(config);

/** For `pulumi stack init --secrets-provider`, by stack. */
export const secretsProviders = byStack((stack, settings) => secretsProviderOf(stack, settings));

/** Variables of GitHub's environments, by environment. */
export const variables = variablesOf(
  config,
  Object.fromEntries(access.map(({ azure }, index) => [stacks[index]?.[0] ?? "", azure?.clients])),
);

/** What sites have to name as `rolesBoundaries`, by stack and system. */
export const rolesBoundaries = byStack((stack, { systems }) =>
  Object.fromEntries(Object.keys(systems).map((system) => [system, boundaryName(stack, system)])),
);

/** The same of the other region, for the day that the first one is lost. */
export const elsewhere = {
  backend: backendOf(config, "replica"),
  secretsProviders: byStack((stack, settings) => secretsProviderOf(stack, settings, "replica")),
};

function byStack<T>(of: (stack: string, settings: (typeof config.stacks)[string]) => T): Record<string, T> {
  return Object.fromEntries(stacks.map(([stack, settings]) => [stack, of(stack, settings)]));
}
