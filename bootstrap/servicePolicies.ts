import { edgeChanges, edgeReads } from "./edge";
import type { Purpose } from "./names";
import { roleChanges } from "./roleChanges";
import type { Scope } from "./scope";
import { serviceChanges } from "./serviceChanges";
import { serviceReads } from "./serviceReads";
import { type Document, documentOf } from "./statement";

/** A policy of its own that roles of CI have besides: theirs has no room for roles, nor for services of AWS. */
export interface ServicePolicy {
  /** Behind the name of the stack. */
  name: "role-changes" | "service-reads" | "service-changes" | "edge-reads" | "edge-changes";
  /** Whose roles have it. */
  of: readonly Purpose[];
  document: Document;
}

/** What a stack's roles of CI may do to its roles, and to what it has in services of AWS; none where it has nothing there. */
export function servicePolicies(scope: Scope): ServicePolicy[] {
  const { services } = scope;
  const all: ServicePolicy[] = [
    { name: "role-changes", of: ["deploy"], document: documentOf(roleChanges(scope)) },
    { name: "service-reads", of: ["preview", "deploy"], document: documentOf(serviceReads(services)) },
    { name: "service-changes", of: ["deploy"], document: documentOf(serviceChanges(services)) },
    { name: "edge-reads", of: ["preview", "deploy"], document: documentOf(edgeReads(services)) },
    { name: "edge-changes", of: ["deploy"], document: documentOf(edgeChanges(services)) },
  ];
  return all.filter(({ document }) => document.Statement.length > 0);
}
