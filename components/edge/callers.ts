import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Who may call a load balancer, and whom it calls. */
export interface CallersArgs {
  entrance: string;
  vpc: string;
  clients: readonly string[];
  /** Networks from which jobs and probes call. */
  callers: readonly string[];
  checkers: string;
  nodes: string;
  service: { port: number };
  tags?: Record<string, string>;
}

/**
 * Clients, our own jobs and the checkers of Route 53 call it by TLS, clients also without, to be sent on; it calls the
 * service's port on the nodes and nothing else.
 */
export function callersOf(
  name: string,
  { entrance, vpc, clients, callers, checkers, nodes, service, tags = {} }: CallersArgs,
  options: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  const group = new aws.ec2.SecurityGroup(
    `${name}-callers`,
    { name: `${entrance}-entrance`, description: "People and health checkers, at the load balancer", vpcId: vpc, tags },
    options,
  );
  const from = (what: string, args: Omit<aws.vpc.SecurityGroupIngressRuleArgs, "ipProtocol" | "securityGroupId">) =>
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-from-${what}`,
      { securityGroupId: group.id, ipProtocol: "tcp", ...args },
      options,
    );
  clients.forEach((cidrIpv4, place) => {
    for (const port of [443, 80]) {
      from(`clients-${place}-${port}`, { cidrIpv4, fromPort: port, toPort: port, description: "clients" });
    }
  });
  // AWS refuses a second rule for what is let in as a client already.
  const others = [...new Set(callers)].filter((one) => !clients.includes(one));
  others.forEach((cidrIpv4, place) => {
    from(`callers-${place}`, { cidrIpv4, fromPort: 443, toPort: 443, description: "jobs and probes of both sites" });
  });
  from("checkers", { prefixListId: checkers, fromPort: 443, toPort: 443, description: "health checks of Route 53" });
  const { port } = service;
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-to-nodes`,
    {
      securityGroupId: group.id,
      referencedSecurityGroupId: nodes,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description: "the service",
    },
    options,
  );
  return group;
}
