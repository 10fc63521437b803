import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Placement, placed } from "../kubernetes/placement";

/** Arguments of `ServiceIdentity`. */
export interface ServiceIdentityArgs {
  placement: Placement;
  /** Name of the ServiceAccount, Role and RoleBinding. */
  account: string;
  /** What it may do in its namespace; empty for a job that only works on its volumes. */
  rules: k8s.types.input.rbac.v1.PolicyRule[];
  /** What it may do in the whole cluster. @default nothing */
  clusterRules?: k8s.types.input.rbac.v1.PolicyRule[];
  /** IAM role that its pods take, as a plain ARN. */
  awsRole?: string | undefined;
  /** Client id of the identity of Azure that its pods take; they carry the label that asks for it. @default none */
  azureClient?: pulumi.Input<string>;
}

/** A service account with the few rights that one kind of pod needs. */
export class ServiceIdentity extends pulumi.ComponentResource {
  constructor(name: string, args: ServiceIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:access:ServiceIdentity", name, {}, opts);
    const { placement, account, rules, awsRole, azureClient } = args;
    const metadata = { name: account, namespace: placement.namespace };
    const annotations = {
      ...(awsRole === undefined ? {} : { "eks.amazonaws.com/role-arn": awsRole }),
      ...(azureClient === undefined ? {} : { "azure.workload.identity/client-id": azureClient }),
    };
    const options = placed(this, placement);
    new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      // A pod that never calls the API server carries no token for it.
      {
        metadata: { ...metadata, annotations },
        automountServiceAccountToken: rules.length > 0 || args.clusterRules !== undefined,
      },
      options,
    );
    if (rules.length > 0) {
      new k8s.rbac.v1.Role(`${name}-role`, { metadata, rules }, options);
      new k8s.rbac.v1.RoleBinding(
        `${name}-binding`,
        {
          metadata,
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: account },
          subjects: [{ kind: "ServiceAccount", name: account, namespace: placement.namespace }],
        },
        options,
      );
    }
    if (args.clusterRules) {
      // Two namespaces of one cluster may hold the same account: the name says which.
      const cluster = { name: `${placement.namespace}-${account}` };
      new k8s.rbac.v1.ClusterRole(`${name}-cluster-role`, { metadata: cluster, rules: args.clusterRules }, options);
      new k8s.rbac.v1.ClusterRoleBinding(
        `${name}-cluster-binding`,
        {
          metadata: cluster,
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: cluster.name },
          subjects: [{ kind: "ServiceAccount", name: account, namespace: placement.namespace }],
        },
        options,
      );
    }
    this.registerOutputs({ account });
  }
}
