import type { Resource } from "../../policies/graph";
import { accountOf, arnBeside, type Lookup, type Needs, sources, systemOf, text } from "./need";

type Needed = (one: Resource, at: Lookup) => Needs[];

const verbs = (...names: string[]) => names.map((name) => `elasticloadbalancing:${name}`);
const describes = (...names: string[]): Needs => ({ arn: "*", reads: verbs(...names), makes: [] });

/** https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/elbv2/load_balancer.go */
const balancer: Needed = (one) => [
  describes("DescribeLoadBalancers", "DescribeLoadBalancerAttributes", "DescribeCapacityReservation", "DescribeTags"),
  {
    arn: arnBeside(one, "elasticloadbalancing", `loadbalancer/app/${text(one, "name")}/0123456789abcdef`),
    reads: [],
    makes: verbs(
      ...["AddTags", "CreateLoadBalancer", "DeleteLoadBalancer", "ModifyLoadBalancerAttributes", "RemoveTags"],
      ...["SetIpAddressType", "SetSecurityGroups", "SetSubnets"],
    ),
  },
  {
    arn: `arn:aws:iam::${accountOf(one)}:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing`,
    reads: [],
    makes: ["iam:CreateServiceLinkedRole"],
    context: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" },
  },
  {
    arn: "*",
    reads: ["ec2:DescribeSecurityGroups"],
    makes: ["DescribeAccountAttributes", "DescribeInternetGateways", "DescribeSubnets", "DescribeVpcs"].map(
      (name) => `ec2:${name}`,
    ),
  },
];

const targets: Needed = (one) => [
  describes("DescribeTargetGroups", "DescribeTargetGroupAttributes", "DescribeTags"),
  {
    arn: arnBeside(one, "elasticloadbalancing", `targetgroup/${text(one, "name")}/0123456789abcdef`),
    reads: [],
    makes: verbs(
      ...["AddTags", "CreateTargetGroup", "DeleteTargetGroup", "ModifyTargetGroup", "ModifyTargetGroupAttributes"],
      "RemoveTags",
    ),
  },
];

/** Making one asks for the load balancer, changing one for the listener. */
const listener: Needed = (one, at) => {
  const [of] = sources(one, "loadBalancerArn", "LoadBalancer", at);
  const name = `app/${text(of, "name")}/0123456789abcdef`;
  return [
    describes("DescribeListeners", "DescribeListenerAttributes", "DescribeTags"),
    {
      arn: arnBeside(one, "elasticloadbalancing", `loadbalancer/${name}`),
      reads: [],
      makes: verbs("CreateListener"),
    },
    {
      arn: arnBeside(one, "elasticloadbalancing", `listener/${name}/0123456789abcdef`),
      reads: [],
      makes: verbs("AddTags", "DeleteListener", "ModifyListener", "ModifyListenerAttributes", "RemoveTags"),
    },
  ];
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscertificatemanager.html */
const certificate: Needed = (one) => {
  const arn = arnBeside(one, "acm", "certificate/1");
  return [
    { arn: "*", reads: [], makes: ["acm:RequestCertificate"], context: systemOf(one, "aws:RequestTag/system") },
    { arn, reads: [], makes: ["acm:AddTagsToCertificate"], context: systemOf(one, "aws:RequestTag/system") },
    {
      arn,
      reads: ["acm:DescribeCertificate", "acm:ListTagsForCertificate"],
      makes: ["acm:DeleteCertificate", "acm:RemoveTagsFromCertificate"],
      context: systemOf(one, "aws:ResourceTag/system"),
    },
  ];
};

const validation: Needed = (one, at) =>
  sources(one, "certificateArn", "Certificate", at).map((of) => ({
    arn: arnBeside(of, "acm", "certificate/1"),
    reads: ["acm:DescribeCertificate"],
    makes: [],
    context: systemOf(of, "aws:ResourceTag/system"),
  }));

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonroute53.html */
const check: Needed = () => [
  { arn: "*", reads: [], makes: ["route53:CreateHealthCheck"] },
  {
    arn: "arn:aws:route53:::healthcheck/1",
    reads: ["route53:GetHealthCheck", "route53:ListTagsForResource"],
    makes: ["route53:ChangeTagsForResource", "route53:DeleteHealthCheck", "route53:UpdateHealthCheck"],
  },
];

/** What Pulumi's provider for AWS asks for what people reach a service by. */
export const edgeNeeds: Record<string, Needed> = {
  "aws:lb/loadBalancer:LoadBalancer": balancer,
  "aws:lb/targetGroup:TargetGroup": targets,
  "aws:lb/listener:Listener": listener,
  "aws:acm/certificate:Certificate": certificate,
  "aws:acm/certificateValidation:CertificateValidation": validation,
  "aws:route53/healthCheck:HealthCheck": check,
};
