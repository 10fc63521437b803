import type { Scope } from "./scope";
import { allow, type Statement } from "./statement";

/** What it takes to make and change the roles of a stack's jobs, those of each system within the bound of that system. */
export function roleChanges({ roles, bounds }: Scope): Statement[] {
  return [
    // Whoever makes a role could make one that may do everything, were it not bounded: by what its own system needs.
    ...bounds.map((bound, index) =>
      allow(
        `RolesBounded${index + 1}`,
        ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
        bound.roles,
        { StringEquals: { "iam:PermissionsBoundary": bound.boundary } },
      ),
    ),
    allow(
      "RolesMade",
      ["iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole"],
      roles,
    ),
  ];
}
