import { DataLake, type LakeSite } from "../../../components/azure/dataLake";
import { LockedAccount } from "../../../components/azure/lockedAccount";
import { grant } from "../access";
import { exported } from "../copies/exports";
import { accountId } from "../ids";
import { LOCKED_CONTAINERS, TABLES } from "../names";
import { LAKE_ID, retentions } from "../objectives";
import type { AnalyticsSite, Estate } from "../site";

const NAME = "analytics-lake";

/** Names in the program of the lake's accounts, which a fence closes to the lost region: a fail-back opens them, and nothing else. */
export const LAKE_ACCOUNTS = [`${NAME}-written-account`, `${NAME}-copy-account`] as const;

/** The lake in the primary, and the account of the secondary that its tables are cloned to. */
export function lake(estate: Estate): DataLake {
  const { config, names, primary, secondary, parent } = estate;
  return new DataLake(
    NAME,
    {
      promise: {
        id: LAKE_ID,
        objectives: config.objectives.lake,
        retention: retentions.lake,
        bytes: config.lake.bytes,
      },
      at: lakeSite(estate, primary, names.lake.written),
      elsewhere: lakeSite(estate, secondary, names.lake.copy),
      containers: [TABLES],
      keepDeleted: config.lake.keep,
      tags: { system: "analytics" },
    },
    { parent, dependsOn: [primary.made, secondary.made] },
  );
}

/** Lets the clean room read all that is under the lock, from its own network. */
export function cleanRoomReads({ config, names, secondary, parent }: Estate, locked: LockedAccount): void {
  const scope = accountId(secondary, names.locked);
  grant("analytics-clean-room-reads", secondary, { role: "blobReader", scope }, config.cleanRoom.reader, parent, [
    locked,
  ]);
}

/** The account of the secondary whose versions nobody deletes early: clones, exports, captured events, logs, kits. */
export function lockedAccount(estate: Estate): LockedAccount {
  const { config, names, secondary, parent } = estate;
  const { lock, expire, locked } = config.backups;
  const { tables, exports, events, logs } = LOCKED_CONTAINERS;
  return new LockedAccount(
    "analytics-locked",
    {
      at: secondary.azure,
      account: names.locked,
      containers: Object.values(LOCKED_CONTAINERS),
      subnets: [...subnetsOf(estate), config.cleanRoom.subnet],
      lock,
      expire,
      // By what writes there, in the ten prefixes that a rule takes: kits of the clean room lie beside it, and stay.
      expiring: [...exported.map((asset) => `${exports}/${asset}/`), `${events}/${config.prefix}-events-`],
      // A file of a table is in use until a run replaces it, however old it is.
      replaced: [`${tables}/`],
      longer: { below: [`${logs}/logs/`, `${logs}/restored/`], expire: config.backups.logsExpire },
      locked,
      tags: { system: "analytics" },
    },
    { parent, dependsOn: [secondary.made] },
  );
}

function lakeSite(estate: Estate, { azure }: AnalyticsSite, account: string): LakeSite {
  return { ...azure, account, subnets: subnetsOf(estate) };
}

/** Both regions read both accounts: clones go across, and so does a recovery. */
function subnetsOf({ config: { network } }: Estate): string[] {
  return [network.primary, network.secondary].flatMap(({ jobs, workers }) => [jobs, ...workers]);
}
