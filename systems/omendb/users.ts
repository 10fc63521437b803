import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** The user that the jobs, the probes and Prometheus log in as. */
export const JOB_USER = "omendb-jobs";

/** What the users are known by: hashes for the server, the password of the jobs for the jobs. */
export interface UserFiles {
  /** Lines of users.htpasswd. */
  htpasswd: pulumi.Output<string>;
  /** `username`, `password` and a curl configuration. */
  jobUser: Record<string, pulumi.Input<string>>;
}

/**
 * Users with generated passwords, kept in the stack's encrypted state. The guide's `htpasswd -c` truncates the file it
 * adds to, and its ConfigMap shows the hashes to everyone: here the file is generated whole, into a Secret.
 */
export function omendbUsers(parent: pulumi.Resource, users: readonly string[], provider: random.Provider): UserFiles {
  const passwords = [...new Set([...users, JOB_USER])].map((user) => ({
    user,
    password: new random.RandomPassword(
      `omendb-user-${user}`,
      { length: 40, special: false },
      // Nothing else keeps them, and a new one locks out everyone who has the old one.
      { parent, provider, protect: true, additionalSecretOutputs: ["bcryptHash", "result"] },
    ),
  }));
  const lines = passwords.map(({ user, password }) => pulumi.interpolate`${user}:${password.bcryptHash}`);
  const jobs = passwords.find(({ user }) => user === JOB_USER)?.password.result ?? pulumi.secret("");
  return {
    htpasswd: pulumi.secret(pulumi.all(lines).apply((all) => `${all.join("\n")}\n`)),
    jobUser: {
      username: JOB_USER,
      password: jobs,
      curlrc: pulumi.interpolate`user = "${JOB_USER}:${jobs}"\n`,
    },
  };
}
