import type { CustomResourceDefinition } from "./crds";

const text = { type: "string" };
const port = { anyOf: [{ type: "integer" }, text], "x-kubernetes-int-or-string": true };
const object = (properties: Record<string, unknown>, ...required: string[]) => ({
  type: "object",
  properties,
  ...(required.length === 0 ? {} : { required }),
});
const list = (items: unknown) => ({ type: "array", items });

const from = object({
  ipBlock: object({ cidr: text }, "cidr"),
  securityGroup: object({ groupID: text }, "groupID"),
});
const opened = object({ port, protocol: { ...text, enum: ["TCP", "UDP"] } });

/**
 * Our own reading of the kind that binds a target group to a Service, by the reference of the AWS Load Balancer
 * Controller: its modules of version 2 are not published where the other kinds are. It knows no more than the fields
 * here, so that a field which the reference does not have is refused.
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/spec/
 */
export const targetGroupBinding: CustomResourceDefinition & { spec: Record<string, unknown> } = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "targetgroupbindings.elbv2.k8s.aws" },
  spec: {
    group: "elbv2.k8s.aws",
    scope: "Namespaced",
    names: {
      kind: "TargetGroupBinding",
      plural: "targetgroupbindings",
      ...{ singular: "targetgroupbinding", listKind: "TargetGroupBindingList" },
    },
    versions: [
      {
        name: "v1beta1",
        served: true,
        ...{
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: object({
              apiVersion: text,
              kind: text,
              metadata: { type: "object" },
              spec: object(
                {
                  ipAddressType: { ...text, enum: ["ipv4", "ipv6"] },
                  networking: object({
                    ingress: list(object({ from: list(from), ports: list(opened) }, "from", "ports")),
                  }),
                  serviceRef: object({ name: text, port }, "name", "port"),
                  targetGroupARN: text,
                  targetGroupName: text,
                  targetType: { ...text, enum: ["instance", "ip"] },
                  vpcID: text,
                },
                "serviceRef",
              ),
              status: object({ observedGeneration: { type: "integer", format: "int64" } }),
            }),
          },
        },
      },
    ],
  },
};
