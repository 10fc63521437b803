import type { MountedVolume } from "../../components/kubernetes/volume";
import type { OmniverseConfig } from "./config";
import { directorySecret, FOLDERS, SERVER_CLAIMS, TLS_SECRET, TOKEN_SECRETS } from "./names";

/** Secrets without which no pod of the service starts, each with one key; of the certificate none that is secret. */
const secrets: readonly (readonly [secret: string, key: string])[] = [
  [TLS_SECRET, "ca.crt"],
  [TOKEN_SECRETS.admin, "token"],
  [TOKEN_SECRETS.api, "token"],
];

/** Those Secrets where the step `room` sees whether they are there: it waits for them, so it must start without. */
export const roomVolumes: MountedVolume[] = secrets.map(([secret, key]) => ({
  name: `room-${secret}`,
  mountPath: `${FOLDERS.room}/${secret}`,
  readOnly: true,
  source: { secret, keys: [key], optional: true },
}));

/** The claims of the servers, which the steps of a clean room and then its service mount. */
export const claimsEnv = { CLAIMS: Object.values(SERVER_CLAIMS).join(" ") };

/** What the step `room` of the database looks at besides, since the service starts after it. */
export function roomEnv({ database }: OmniverseConfig): Record<string, string> {
  return {
    ...claimsEnv,
    ROOM_DIR: FOLDERS.room,
    ROOM_SECRETS: secrets.map((one) => one.join("/")).join(" "),
    DIRECTORY_SECRET: directorySecret(database.identifier),
  };
}
