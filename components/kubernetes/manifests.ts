import type * as pulumi from "@pulumi/pulumi";

/** A Kubernetes object as `kubectl apply` takes it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

/** The Kubernetes objects under a resource, gathered while they are declared. */
export class Manifests {
  readonly #found: Manifest[] = [];

  /** To be given to the parent of what is gathered; it changes nothing. Secrets are left out. */
  readonly gather: pulumi.ResourceTransformation = ({ type, props }) => {
    const isObject = type.startsWith("kubernetes:") && typeof props.kind === "string";
    if (isObject && props.kind !== "Secret") this.#found.push(plain(props as Manifest));
    return undefined;
  };

  /** What was gathered so far as one `List`, namespaces first, else by kind and name. */
  list(): { apiVersion: "v1"; kind: "List"; items: Manifest[] } {
    const rank = ({ kind, metadata: { name } }: Manifest) => `${kind === "Namespace" ? 0 : 1} ${kind} ${name}`;
    return { apiVersion: "v1", kind: "List", items: [...this.#found].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)) };
  }
}

/** Without the fields that only Pulumi uses. */
function plain({ id: _id, status: _status, ...object }: Manifest & { id?: unknown; status?: unknown }): Manifest {
  return object;
}
