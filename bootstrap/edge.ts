import { all } from "./serviceReads";
import { type Services, tagged } from "./services";
import { allow, type Statement } from "./statement";

/** What it takes to read load balancers, their certificates, and the checks of names that fail over. */
export function edgeReads(services: Services): Statement[] {
  const { balancers, certificates, checks } = services;
  return [
    // What describes knows no smaller resource:
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
    allow(
      "Balancers",
      [
        "elasticloadbalancing:DescribeCapacityReservation",
        "elasticloadbalancing:DescribeListener*",
        "elasticloadbalancing:DescribeLoadBalancer*",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroup*",
      ],
      all(balancers),
    ),
    allow("Certificates", ["acm:DescribeCertificate", "acm:ListTagsForCertificate"], certificates, tagged(services)),
    allow("Checks", ["route53:GetHealthCheck", "route53:ListTagsForResource"], checks),
  ];
}

/** What it takes to make and change them, and the names of sites, which no job writes. */
export function edgeChanges(services: Services): Statement[] {
  const { balancers, balancerRole, certificates, checks, hostZones, hosts, systems } = services;
  const asTagged = { StringEquals: { "aws:RequestTag/system": systems } };
  return [
    allow(
      "BalancersMade",
      [
        ...["AddTags", "CreateListener", "CreateLoadBalancer", "CreateTargetGroup"],
        ...["DeleteListener", "DeleteLoadBalancer", "DeleteTargetGroup"],
        ...["ModifyListener", "ModifyListenerAttributes", "ModifyLoadBalancerAttributes"],
        ...["ModifyTargetGroup", "ModifyTargetGroupAttributes"],
        ...["RemoveTags", "SetIpAddressType", "SetSecurityGroups", "SetSubnets"],
      ].map((name) => `elasticloadbalancing:${name}`),
      balancers,
    ),
    // What whoever makes one is asked for besides; EC2 knows no smaller resource.
    allow(
      "BalancersWhere",
      [
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
      ],
      all(balancers),
    ),
    allow("BalancerRole", ["iam:CreateServiceLinkedRole"], balancerRole, {
      StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" },
    }),
    // ACM knows no resource for it.
    allow("CertificatesAsked", ["acm:RequestCertificate"], all(certificates), asTagged),
    allow("CertificatesTagged", ["acm:AddTagsToCertificate"], certificates, asTagged),
    allow(
      "CertificatesChanged",
      ["acm:DeleteCertificate", "acm:RemoveTagsFromCertificate"],
      certificates,
      tagged(services),
    ),
    // Route 53 knows no resource for it, and no tag in any condition.
    allow("ChecksMade", ["route53:CreateHealthCheck"], all(checks)),
    allow(
      "ChecksChanged",
      ["route53:ChangeTagsForResource", "route53:DeleteHealthCheck", "route53:UpdateHealthCheck"],
      checks,
    ),
    allow("HostsNamed", ["route53:ChangeResourceRecordSets"], hostZones, {
      "ForAllValues:StringLike": { "route53:ChangeResourceRecordSetsNormalizedRecordNames": hosts },
    }),
  ];
}
