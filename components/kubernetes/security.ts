import type * as k8s from "@pulumi/kubernetes";

/** Labels of a namespace that holds its pods to the `restricted` Pod Security Standard, and warns of every other. */
export function podSecurity(enforce: "restricted" | "privileged" = "restricted"): Record<string, string> {
  return { "pod-security.kubernetes.io/enforce": enforce, "pod-security.kubernetes.io/warn": "restricted" };
}

/** Pod settings that the `restricted` Pod Security Standard asks for. */
export function restrictedPod(uid: number): k8s.types.input.core.v1.PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: uid,
    fsGroup: uid,
    // A recursive chown of a large shared volume at every start would be spent out of the recovery time.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** Container settings that the `restricted` Pod Security Standard asks for, and a read-only root. */
export const restrictedContainer: k8s.types.input.core.v1.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};
