import { factsOf } from "./group";

const enterprise = {
  source: "https://docs.omniverse.nvidia.com (prod_nucleus, usage/enterprise)",
  read: "2025",
};
const ports = { source: "https://docs.omniverse.nvidia.com/nucleus/latest/ports_connectivity.html", read: "2025" };
const versions = { source: "https://docs.omniverse.nvidia.com/nucleus/latest/version_control.html", read: "2025" };

/** NVIDIA Omniverse Nucleus. */
export const nucleus = factsOf("nucleus", {
  hotCopy: {
    says: "A copy of the data directory taken while Nucleus runs is not safe: stop it, or use nucleus-tools.",
    standing: "design",
    ...enterprise,
  },
  restoreStops: {
    says: "A restore always needs the whole stack down.",
    standing: "design",
    ...enterprise,
  },
  sameVersion: {
    says: "A copy can be restored only into the version that it was taken from.",
    standing: "design",
    ...enterprise,
  },
  ownDatabases: {
    says: "Accounts and tags are databases of their own beside the data, each with a backup of its own.",
    standing: "design",
    ...enterprise,
  },
  backupPorts: {
    says: "nucleus-tools takes no backup unless ports 3006 and 5555 are opened, which are closed by default.",
    standing: "design",
    ...ports,
  },
  metricsPort: {
    says: "Prometheus finds the metrics of Nucleus on port 3010.",
    standing: "design",
    ...ports,
  },
  checkpoints: {
    says: "Checkpoints undo what a user overwrote and are lost with the data directory.",
    standing: "design",
    ...versions,
  },
});
