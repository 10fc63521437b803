/** Commands of a runbook in one namespace. */
export function commandsIn(namespace: string) {
  const kubectl = (line: string) => `kubectl -n ${namespace} ${line}`;
  return {
    /** A kubectl line in the namespace. */
    kubectl,

    /** Starts a Job from a CronJob now; a name of its own, so that it can be repeated. */
    startJob: (cronJob: string) => kubectl(`create job --from=cronjob/${cronJob} ${cronJob}-$(date +%H%M%S)`),

    /** Starts a Job, waits until it is complete or has failed, by its deadline at the latest, and shows what it said. */
    runJob: (cronJob: string, atMost: string) => [
      `JOB=${cronJob}-$(date +%H%M%S)`,
      kubectl(`create job --from=cronjob/${cronJob} "$JOB"`),
      // kubectl wait knows one condition, and would wait on for a Job that has failed.
      `until ${kubectl(`get "job/$JOB" -o jsonpath='{.status.conditions[*].type}'`)} | grep -Eow 'Complete|Failed'; do sleep 5; done # at most ${atMost}`,
      kubectl('logs "job/$JOB" --tail=30'),
    ],

    /** Writes what only a person knows where the Jobs read it: `kubectl create job` takes no values. */
    writeInputs: (map: string, values: Readonly<Record<string, string>>) => {
      const literals = Object.entries(values).map(([name, value]) => `--from-literal=${name}=${quoted(value)}`);
      const made = kubectl(`create configmap ${map} ${literals.join(" ")} --dry-run=client -o yaml`);
      return [`${made} | ${kubectl("apply -f -")}`];
    },

    /** Adds to what was written for the same incident, by whichever page; what was written for another goes first. */
    addInputs: (map: string, { INCIDENT, ...values }: Readonly<Record<string, string>>) => {
      const said = Object.entries({ INCIDENT: "$INCIDENT", ...values });
      const data = said.map(([name, value]) => `\\"${name}\\": \\"${value}\\"`).join(", ");
      const written = kubectl(`get configmap ${map} --ignore-not-found -o jsonpath='{.data.INCIDENT}'`);
      const anew = `${kubectl(`delete configmap ${map} --ignore-not-found`)}; ${kubectl(`create configmap ${map}`)}`;
      return [
        `INCIDENT=${quoted(INCIDENT ?? "")}`,
        `${written} | grep -qxF "$INCIDENT" || { ${anew}; }`,
        kubectl(`patch configmap ${map} --type=merge --patch "{\\"data\\": {${data}}}"`),
      ];
    },

    /** Adds one word more, whose name and value whoever says it fills in. */
    addWord: (map: string) => kubectl(`patch configmap ${map} --type=merge --patch '{"data": {"<WORD>": "<value>"}}'`),

    /** Removes what was written, so that it does not steer the next. */
    removeInputs: (map: string) => kubectl(`delete configmap ${map}`),

    /** The last runs of a CronJob and what the newest said. */
    lastRuns: (cronJob: string) => [
      `${kubectl("get jobs --sort-by=.metadata.creationTimestamp")} | grep ${cronJob} | tail -3`,
      `${kubectl("logs --tail=50")} job/$(${kubectl("get jobs --sort-by=.metadata.creationTimestamp -o name")} | grep ${cronJob} | tail -1 | cut -d/ -f2)`,
    ],
  };
}

/** A value as a shell takes it for one word, whatever is in it; what a command says is asked for when it is pasted. */
function quoted(value: string): string {
  return /^([\w@%+:,./-]*|\$\(.*\))$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/** Commands as a Markdown block. */
export function shell(lines: readonly string[]): string {
  return ["```sh", ...lines.map(pasteable), "```"].join("\n");
}

/** What is to be filled in stands in quotes: pasted as it is, `<it>` would open a file. */
function pasteable(line: string): string {
  const quotes = /\\.|'[^']*'|"(?:\\.|[^"\\])*"|<[a-z](?:[^<>|;&]*[^<>|;&\s])?>/g;
  return line.replaceAll(quotes, (part) => (part.startsWith("<") ? `'${part}'` : part));
}
