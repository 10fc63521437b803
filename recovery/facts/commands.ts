import { factsOf } from "./group";

const shell = { source: "measured: GNU bash, gzip and rsync on Debian", read: "2026-11-21" };
const policySdk = { source: "@pulumi/policy 1.21.0 server.js, lines 287-291 and 423-427", read: "2026-11-21" };

/** What commands that runbooks call, and tools that judge them, really do. */
export const commands = factsOf("commands", {
  emptyDump: {
    says: "gzip -t accepts the file of this size that a dump which never ran leaves behind.",
    value: 20,
    unit: "bytes",
    standing: "measured",
    ...shell,
  },
  brokenPipe: {
    says: "Without pipefail a dump that fails on its way into gzip ends with success.",
    standing: "measured",
    ...shell,
  },
  unknownPredicate: {
    says: "find knows no -gzip: a script that uses it fails there.",
    standing: "measured",
    ...shell,
  },
  copiedAge: {
    says: "rsync -a gives a backup folder the age of its source, so find -mtime takes a new backup for an old one.",
    standing: "measured",
    ...shell,
  },
  unknownValues: {
    says: "@pulumi/policy reports a mandatory rule that touches an unknown value as an advisory one.",
    standing: "design",
    ...policySdk,
  },
});
