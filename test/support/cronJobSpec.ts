import { z } from "zod";

const keyRef = z.strictObject({ name: z.string(), key: z.string(), optional: z.boolean().optional() });
/** One entry of a container's `env`. */
export const envVar = z.union([
  z.strictObject({ name: z.string(), value: z.string() }),
  z.strictObject({ name: z.string(), valueFrom: z.strictObject({ configMapKeyRef: keyRef }) }),
  z.strictObject({ name: z.string(), valueFrom: z.strictObject({ secretKeyRef: keyRef }) }),
]);
const source = {
  defaultMode: z.number().default(0o644),
  items: z.array(z.strictObject({ key: z.string(), path: z.string() })).optional(),
  optional: z.boolean().default(false),
};
/** One volume of a pod, of the kinds that our Jobs use. */
export const volume = z.union([
  z.strictObject({ name: z.string(), configMap: z.strictObject({ name: z.string(), ...source }) }),
  z.strictObject({ name: z.string(), secret: z.strictObject({ secretName: z.string(), ...source }) }),
  z.strictObject({ name: z.string(), emptyDir: z.object({}) }),
  z.strictObject({ name: z.string(), ephemeral: z.strictObject({ volumeClaimTemplate: z.object({}) }) }),
  z.strictObject({
    name: z.string(),
    persistentVolumeClaim: z.strictObject({ claimName: z.string(), readOnly: z.boolean().default(false) }),
  }),
]);
/** Where a container sees a volume. */
export const mount = z.strictObject({
  name: z.string(),
  mountPath: z.string().startsWith("/"),
  readOnly: z.boolean().default(false),
  subPath: z.string().optional(),
});
// Strict where a field that is not understood would change what runs.
const container = z.object({
  command: z.array(z.string()).min(1),
  args: z.array(z.string()).default([]),
  env: z.array(envVar).default([]),
  envFrom: z.array(z.strictObject({ configMapRef: keyRef.omit({ key: true }) })).default([]),
  volumeMounts: z.array(mount).default([]),
});
/** The spec of a CronJob as far as it decides what runs; a Job without a deadline is refused. */
export const cronJob = z.object({
  jobTemplate: z.object({
    spec: z.object({
      activeDeadlineSeconds: z.number(),
      template: z.object({
        spec: z.object({ containers: z.tuple([container]), volumes: z.array(volume).default([]) }),
      }),
    }),
  }),
});
