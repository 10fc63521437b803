import { z } from "zod";
import type { SiteArgs } from "../../recovery/plan";
import { account, day, dnsName, flag, objectName, oneOf, some, span, timeZone, whole, words } from "./settings";

const storageClass = z.strictObject({
  /** Largest fault domain whose loss a volume of the class outlives. */
  survives: oneOf("process", "node", "zone", "region"),
  /** Whether several nodes may mount it at once. */
  shared: flag(),
  /** What makes its volumes; the site check compares it, and says so where it is left out. */
  provisioner: words("efs.csi.aws.com").optional(),
  /** Parameters that make it survive what it does; others may be there beside them. */
  parameters: z.record(z.string(), z.string()).optional(),
});

const clusterSettings = z.strictObject({
  /** Context of the kubeconfig that reaches it: the cluster's own name where EKS or AKS runs it. */
  context: words("prod-eu-central-1"),
  /** Resource group of a cluster of AKS; of Azure alone, and needed there. */
  resourceGroup: words("clusters").optional(),
  /** Until a silent node counts as lost; a flag of the control plane. */
  nodeGrace: span().default("50s"),
  controllerTimeZone: timeZone().default("Etc/UTC"),
  storageClasses: z.record(z.string(), storageClass),
  /** One of them: the disks on which jobs put down what a node's disk has no room for. */
  scratchClass: objectName().default("zonal"),
  /** cert-manager ClusterIssuer. */
  issuer: objectName(),
  /** OIDC issuer without `https://`, for service accounts that take IAM roles. */
  oidcIssuer: words("oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"),
  ingressNamespace: objectName().default("ingress"),
  monitoring: z
    .strictObject({
      namespace: objectName().default("monitoring"),
      /** Labels by which Prometheus and Alertmanager select their objects. */
      selectors: z.record(z.string(), z.string()).default({ release: "prometheus" }),
      pushgateway: words("http://pushgateway.monitoring.svc:9091").default("http://pushgateway.monitoring.svc:9091"),
      pushgatewayPort: whole(1, 65_535, 9091).default(9091),
      /** Labels of the Pushgateway's Service, and the name of its port. */
      pushgatewayLabels: z
        .record(z.string(), z.string())
        .default({ "app.kubernetes.io/name": "prometheus-pushgateway" }),
      pushgatewayPortName: objectName().default("http"),
      /** Host and port of the blackbox exporter that probes other sites. */
      blackbox: words("blackbox-exporter.monitoring.svc:9115").default("blackbox-exporter.monitoring.svc:9115"),
    })
    .prefault({}),
});

const cluster = clusterSettings.superRefine(({ storageClasses, scratchClass }, context) => {
  const known = Object.keys(storageClasses);
  if (known.includes(scratchClass)) return;
  const message = `must be one of storageClasses (${known.join(", ")}), got ${JSON.stringify(scratchClass)}`;
  context.addIssue({ code: "custom", path: ["scratchClass"], message });
});

/** An existing site: where it is, who answers for it, and its cluster, if this program may reach it. */
const siteSettings = z.strictObject({
  cloud: oneOf("aws", "azure", "gcp", "on-premises"),
  account: account(),
  region: words("eu-central-1"),
  zones: some(words("eu-central-1a"), '["eu-central-1a", "eu-central-1b", "eu-central-1c"]'),
  /** Name at which clients reach what serves here: the ingress passes TLS through to the Service. */
  endpoint: dnsName(),
  /** Policies of the account that bound the roles made here, by system; `bootstrap/` makes them. @default none */
  rolesBoundaries: z.record(objectName(), words("holdfast-prod-omendb-boundary")).optional(),
  /** Absent for a clean room: what holds no credentials cannot be turned against it. */
  cluster: cluster.optional(),
  owner: words("platform"),
  /** The drill that checks what is said here. */
  drill: words("site-check"),
  expires: day(),
});

/** A site whose account and cluster are of its cloud: of Azure the account is a subscription. */
export const site = siteSettings.superRefine(({ cloud, account: id, cluster }, context) => {
  const isAzure = cloud === "azure";
  const refuse = (path: string[], must: string, got: string | undefined) => {
    const message = `must ${must} where cloud is "${cloud}", got ${JSON.stringify(got) ?? "nothing"}`;
    context.addIssue({ code: "custom", path, message });
  };
  if (id.includes("-") !== isAzure)
    refuse(["account"], isAzure ? "be the id of a subscription" : "be an account number of 12 digits", id);
  if (cluster !== undefined && (cluster.resourceGroup !== undefined) !== isAzure)
    refuse(
      ["cluster", "resourceGroup"],
      isAzure ? "be the resource group of the cluster" : "be left out",
      cluster.resourceGroup,
    );
});

/** A site as configured. */
export type Site = z.output<typeof site>;

/** A site with a cluster. */
export type ClusterSite = Site & { cluster: NonNullable<Site["cluster"]> };

/**
 * Policy that bounds the roles of a system at a site; undefined where the site bounds none.
 * @throws RangeError where it bounds those of other systems alone
 */
export function boundaryOf({ account, region, rolesBoundaries }: Site, system: string): string | undefined {
  if (rolesBoundaries === undefined) return undefined;
  const own = rolesBoundaries[system];
  if (own !== undefined) return own;
  const named = Object.keys(rolesBoundaries).join(", ") || "none";
  throw new RangeError(
    `holdfast:sites: rolesBoundaries in ${account} ${region} must name the policy that bounds the roles of ${system}, got ${named}; bootstrap's output rolesBoundaries has its name`,
  );
}

/** A site as the register keeps it. */
export function registered(
  name: string,
  { cloud, account, region, zones, cluster, owner, drill, expires }: Site,
): SiteArgs {
  const place = { name, cloud, account, region, zones, owner, drill, expires };
  if (!cluster) return place;
  const { context, nodeGrace, controllerTimeZone, storageClasses } = cluster;
  // How a class is made is for the site check; what it survives is what is judged.
  const classes = Object.entries(storageClasses).map(([name, { survives, shared }]) => [name, { survives, shared }]);
  return { ...place, context, nodeGrace, controllerTimeZone, storageClasses: Object.fromEntries(classes) };
}
