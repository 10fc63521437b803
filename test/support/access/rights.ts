import type { Document } from "../../../bootstrap/statement";
import type { Resource, ResourceGraph } from "../../../policies/graph";
import { metadataOf, objectsOf } from "../cronJob";
import type { RbacRule } from "./kubeNeeds";

/** What the pods of one service account may do. */
export interface Rights {
  account: string;
  namespace: string;
  /** The policy of the role that they take in AWS. */
  policy: Document;
  /** In their namespace. */
  rules: RbacRule[];
  /** In the whole cluster. */
  clusterRules: RbacRule[];
}

/**
 * Rights of a service account as they are declared: the Role and ClusterRole bound to it, and the policy of the role that
 * its annotation names.
 * @throws Error when it is not declared, or when the role does not let it in.
 */
export function rightsOf(graph: ResourceGraph, cluster: string, account: string): Rights {
  const objects = objectsOf(graph, cluster);
  const ofKind = (kind: string) => objects.filter(({ type }) => type.endsWith(`:${kind}`));
  const [own, ...others] = ofKind("ServiceAccount").filter((one) => metadataOf(one).name === account);
  if (!own || others.length > 0) throw new Error(`cluster ${cluster} must have one service account ${account}`);
  const { namespace } = own.props.metadata as { namespace: string };
  const bound = (kind: string) =>
    ofKind(`${kind}Binding`)
      .map(({ props }) => props as unknown as Binding)
      .filter(({ subjects }) => subjects.some((one) => one.name === account && one.namespace === namespace))
      .flatMap(({ roleRef }) => ofKind(kind).filter((one) => metadataOf(one).name === roleRef.name))
      .flatMap(({ props }) => props.rules as unknown as RbacRule[]);
  return {
    account,
    namespace,
    policy: policyOf(graph, own, `system:serviceaccount:${namespace}:${account}`),
    rules: bound("Role"),
    clusterRules: bound("ClusterRole"),
  };
}

interface Binding {
  roleRef: { name: string };
  subjects: { name: string; namespace: string }[];
}

function policyOf({ resources }: ResourceGraph, account: Resource, subject: string): Document {
  const arn = metadataOf(account).annotations["eks.amazonaws.com/role-arn"] ?? "";
  const name = arn.split(":role/")[1];
  const role = resources.find(({ type, props }) => type.endsWith("iam/role:Role") && props.name === name);
  if (!JSON.stringify(role?.props.assumeRolePolicy ?? "").includes(`:sub\\":\\"${subject}\\"`))
    throw new Error(`the role ${arn} does not let ${subject} in`);
  const policy = resources.find(({ type, props }) => type.endsWith(":RolePolicy") && props.role === name);
  if (typeof policy?.props.policy !== "string") throw new Error(`the role ${arn} has no policy`);
  return JSON.parse(policy.props.policy) as Document;
}
