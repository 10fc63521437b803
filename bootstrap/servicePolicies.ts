import { edgeChanges, edgeReads } from "./edge";
import type { Purpose } from "./names";
import type { Scope } from "./scope";
import { serviceChanges } from "./serviceChanges";
import { serviceReads } from "./serviceReads";
import { type Document, documentOf } from "./statement";

/** A policy of its own that roles of CI have besides: theirs has no room for what a stack has in services of AWS. */
export interface ServicePolicy {
  /** Behind the name of the stack. */
  name: "service-reads" | "service-changes" | "edge-reads" | "edge-changes";
  /** Whose roles have it. */
  of: readonly Purpose[];
  document: Document;
}

/** What a stack's roles of CI may do to what it has in services of AWS; none where it has nothing there. */
export function servicePolicies({ services }: Scope): ServicePolicy[] {
  const both: ServicePolicy[] = [
    { name: "service-reads", of: ["preview", "deploy"], document: documentOf(serviceReads(services)) },
    { name: "service-changes", of: ["deploy"], document: documentOf(serviceChanges(services)) },
    { name: "edge-reads", of: ["preview", "deploy"], document: documentOf(edgeReads(services)) },
    { name: "edge-changes", of: ["deploy"], document: documentOf(edgeChanges(services)) },
  ];
  return both.filter(({ document }) => document.Statement.length > 0);
}
