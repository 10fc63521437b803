import type { JobWork } from "../../components/kubernetes/cronJob";
import type { MountedVolume } from "../../components/kubernetes/volume";
import { duration } from "../../recovery/duration";
import { INCIDENT_HOURS } from "../incident";
import { assetWork, servingEnv } from "./jobWork";
import {
  ACCOUNTS,
  FOLDERS,
  INCIDENT_MAP,
  SERVER_FOLDERS,
  services,
  TLS_SECRET,
  TOKEN_SECRETS,
  TOOL_LABELS,
  TOOL_PORTS,
} from "./names";
import type { PathPlan } from "./recoverySteps";
import { claimsEnv } from "./room";
import { claimVolume } from "./serverPods";
import type { OmniverseSite } from "./site";

/** Where jobs find the token of those who change things, and the authority of the server's certificate. */
const toolVolumes: MountedVolume[] = [
  {
    name: "admin-token",
    mountPath: `${FOLDERS.credentials}-admin-token`,
    readOnly: true,
    source: { secret: TOKEN_SECRETS.admin },
  },
  { name: "tls", mountPath: FOLDERS.tls, readOnly: true, source: { secret: TLS_SECRET, keys: ["ca.crt"] } },
];

/** Copies accounts and tags while the server runs, through the vendor's own tools: a copy of the folder would be torn. */
export function accountCopyWork(at: OmniverseSite, region: string): JobWork {
  const { accounts, servers } = at.config;
  return assetWork(at, region, "accounts", {
    script: ["accounts.sh"],
    account: ACCOUNTS.backup,
    labels: TOOL_LABELS,
    env: {
      SERVER: services.server.workload,
      SERVER_VERSION: servers.version,
      SERVICE_PORT: String(TOOL_PORTS.service),
      DUMP_PORT: String(TOOL_PORTS.dump),
      SERVER_CA: `${FOLDERS.tls}/ca.crt`,
      TOKEN_FILE: `${FOLDERS.credentials}-admin-token/token`,
      ...servingEnv(at),
    },
    volumes: toolVolumes,
    scratchBytes: accounts.bytes * 2,
    size: { cores: 1, gib: 2 },
  });
}

/** The work of one step of a way back of accounts and tags. */
export function accountStepWork(
  at: OmniverseSite,
  region: string,
  { runsAt }: PathPlan,
  step: string,
  deadline: string,
): JobWork {
  const { config } = at;
  const touches = step === "restore" || step === "verify";
  return assetWork(at, region, "accounts", {
    script: ["recoverAccounts.sh", step],
    account: ACCOUNTS.recovery,
    inputs: INCIDENT_MAP,
    // What is lost or hostile has made them, and not the site that restores.
    copiesOf: "primary",
    env: {
      INCIDENT_HOURS: String(INCIDENT_HOURS),
      FROM: fromOf[runsAt],
      STEP_SECONDS: String(duration(deadline)),
      DATA_DIR: SERVER_FOLDERS.data,
      SERVER_VERSION: config.servers.version,
      SITE_URL: `https://${config.dns.endpoints[runsAt]}`,
      ...(step === "room" ? claimsEnv : {}),
    },
    ...(touches ? { volumes: [claimVolume("data")], scratchBytes: config.accounts.bytes * 2 } : {}),
    size: { cores: 1, gib: 2 },
  });
}

/** What the steps of each way back call themselves: all begin with a copy. */
const fromOf = { primary: "copies-in-place", secondary: "copies-in-secondary", cleanRoom: "copies-in-clean-room" };
