import { isUnknown, type Maybe } from "../../../recovery/bound";
import type { Place } from "../../../recovery/plan";
import type { Resource } from "../../graph";
import type { Geography } from "../geography";
import { type Facts, facts, type Read } from "../read";

/** A kind of Azure resource: what the SDK calls it, and what Azure itself does. */
export interface ArmKind {
  /** Module and name of the SDK's type: `storage:StorageAccount`. */
  type: string;
  /** Namespace and type of the resource provider, where `resources.Resource` may declare it: `Microsoft.Storage/storageAccounts`. */
  arm?: string;
  /** Input that is its name. */
  named: string;
}

/** A resource of Azure, declared by its own type or by `azure-native.resources.Resource` with an API version. */
export interface ArmResource {
  resource: Resource;
  /** What every resource has: `sku`, `location`, `tags`. */
  facts: Facts;
  /** What is particular to its type: flat in a type of the SDK, under `properties` in Azure's own words. */
  settings: Facts;
  name: Read<string>;
  at: Maybe<Place>;
  /** Date of the API, `2026-01-01`; nothing where the SDK's own default decides. */
  apiVersion: Read<string>;
}

// The version is part of the module (`storage/v20240101`) or of a package generated for it (`azure-native_storage_v20240101`).
const native = /^azure-native(?:_\w*?)?(?:_v(\w+))?:(\w+)(?:\/v(\w+))?:(\w+)$/;

/** Whether a resource is of a kind, in whatever words and version. */
export function isArm(resource: Resource, kind: ArmKind): boolean {
  return isTyped(resource, kind) || isRaw(resource, kind);
}

function isTyped({ type }: Resource, kind: ArmKind): boolean {
  const [, , module, , name] = native.exec(type) ?? [];
  // Older SDKs have the rules of Azure Monitor in a module of their own.
  return `${module === "insights" ? "monitor" : module}:${name}` === kind.type;
}

function isRaw(resource: Resource, { arm }: ArmKind): boolean {
  if (arm === undefined || !isTyped(resource, { type: "resources:Resource", named: "" })) return false;
  const own = facts(resource);
  const written = ["resourceProviderNamespace", "resourceType"].map((key) => String(own.text(key)).toLowerCase());
  return written.join("/") === arm.toLowerCase();
}

/** Reads a resource of a kind. */
export function readArm(resource: Resource, kind: ArmKind, geography: Geography): ArmResource {
  const own = facts(resource);
  const raw = !isTyped(resource, kind);
  return {
    resource,
    facts: own,
    settings: raw ? own.at("properties") : own,
    name: own.text(raw ? "resourceName" : kind.named),
    at: geography.placeOf(resource),
    apiVersion: raw ? own.text("apiVersion") : versionOf(resource),
  };
}

function versionOf({ type }: Resource): string | undefined {
  const [, ofPackage, , ofModule] = native.exec(type) ?? [];
  const digits = ofModule ?? ofPackage;
  return digits?.replace(/^(\d{4})(\d{2})(\d{2})/, "$1-$2-$3-").replace(/-$/, "");
}

/**
 * Whether what a resource says reaches an API that knows it: from `since` on, and in previews from `preview` on. The
 * SDK's own types are older than any of these.
 */
export function knows({ apiVersion }: ArmResource, since: string, preview = since): Maybe<boolean> {
  if (isUnknown(apiVersion)) return apiVersion;
  if (apiVersion === undefined) return false;
  return apiVersion >= (apiVersion.endsWith("preview") ? preview : since);
}

/** Whether a property of one resource names another: by dependency, else by its name, alone or at the end of its id. */
export function pointsTo(user: Facts, property: string, other: Pick<ArmResource, "resource" | "name">): boolean {
  const [first = property] = property.split(".");
  const upstream = user.resource.propertyDependencies[first] ?? [];
  if (upstream.includes(other.resource.urn)) return true;
  const written = user.text(property);
  if (typeof written !== "string" || typeof other.name !== "string") return false;
  return written === other.name || written.toLowerCase().endsWith(`/${other.name.toLowerCase()}`);
}
