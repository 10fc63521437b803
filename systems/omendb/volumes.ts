import type { MountedVolume } from "../../components/kubernetes/volume";
import { CLAIMS, CONFIG_MAP, FOLDERS, JOB_USER_SECRET, JOBS_MAP, TLS_SECRET, USERS_SECRET } from "./names";

/** Data and log; read-only for whatever must not change them. */
export const dataVolumes = (readOnly: boolean): MountedVolume[] => [
  { name: "data", mountPath: FOLDERS.data, readOnly, source: { claim: CLAIMS.data } },
  { name: "wal", mountPath: FOLDERS.wal, readOnly, source: { claim: CLAIMS.wal } },
];

/** Where backups are put together before they leave; shared by the jobs of a site. */
export const scratchVolume: MountedVolume = {
  name: "scratch",
  mountPath: FOLDERS.scratch,
  source: { claim: CLAIMS.scratch },
};

/** Scripts, what they authenticate with, and a folder to write to: every pod has these. */
export const commonVolumes: MountedVolume[] = [
  { name: "jobs", mountPath: FOLDERS.jobs, readOnly: true, source: { configMap: JOBS_MAP, executable: true } },
  { name: "run", mountPath: FOLDERS.run, source: { emptyDir: "256Mi" } },
  { name: "job-user", mountPath: FOLDERS.jobUser, readOnly: true, source: { secret: JOB_USER_SECRET } },
];

/** The certificate to check the server against. */
export const authorityVolume: MountedVolume = {
  name: "tls",
  mountPath: FOLDERS.tls,
  readOnly: true,
  source: { secret: TLS_SECRET, keys: ["ca.crt"] },
};

/** The users' file, where the guide has it. */
export const usersVolume: MountedVolume = {
  name: "users",
  mountPath: FOLDERS.users,
  file: "users.htpasswd",
  readOnly: true,
  source: { secret: USERS_SECRET },
};

/** What a running database reads: settings, users, certificate and key. */
export const serverVolumes: MountedVolume[] = [
  {
    name: "config",
    mountPath: FOLDERS.settings,
    file: "omendb.toml",
    readOnly: true,
    source: { configMap: CONFIG_MAP },
  },
  usersVolume,
  { name: "tls", mountPath: FOLDERS.tls, readOnly: true, source: { secret: TLS_SECRET } },
];
