/** Where Pulumi keeps what it knows of one stack, as keys of the bucket; `*` stands for any text. */
export function stateKeys(project: string, stack: string): { written: string[]; locks: string } {
  const locks = `.pulumi/locks/organization/${project}/${stack}/*`;
  return {
    written: [
      // Beside the state: its copy `.bak`, and either may be compressed.
      `.pulumi/stacks/${project}/${stack}.json*`,
      `.pulumi/stacks/${project}/${stack}.pulumi-tags`,
      `.pulumi/history/${project}/${stack}/*`,
      `.pulumi/backups/${project}/${stack}/*`,
      locks,
    ],
    locks,
  };
}

/** What Pulumi keeps of the bucket itself, written once. */
export const STATE_META = ".pulumi/meta.yaml";
