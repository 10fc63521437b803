import { type Answer, type Asked, json, ok, refused } from "./wire";

/** What a workspace of Power BI holds. */
export interface Group {
  id: string;
  name: string;
  capacityId?: string;
  datasets: {
    id: string;
    name: string;
    /** Whether the job owns it; whoever published it does until it is taken over. */
    taken?: boolean;
    refreshes: { status: string; endTime?: string }[];
    parameters: Record<string, string>;
  }[];
  reports: { id: string; name: string; datasetId?: string; file: string }[];
}

/** Power BI: workspaces by id, and imports of what was exported. */
export class PowerBi {
  readonly groups = new Map<string, Group>();
  readonly capacities: { id: string; displayName: string; state: string }[] = [];
  private readonly imports = new Map<string, string>();
  /** How an import ends, by the name of what is imported. */
  publishes: (name: string) => "Succeeded" | "Failed" | "Publishing" = () => "Succeeded";
  /** How a refresh ends. */
  refreshes = "Completed";

  /** Declares a workspace. */
  group(name: string, more: Partial<Group> = {}): Group {
    const made = { id: `group-${this.groups.size + 1}`, name, datasets: [], reports: [], ...more };
    this.groups.set(made.id, made);
    return made;
  }

  answer(asked: Asked): Answer {
    const { method } = asked;
    const path = asked.path.replace(/^\/v1\.0\/myorg\//, "").replace(/^admin\//, "");
    if (path === "capacities") return ok({ value: this.capacities });
    if (path === "groups") {
      if (method === "POST") return ok(this.group(json(asked).name));
      return ok({ value: [...this.groups.values()].map(({ id, name, capacityId }) => ({ id, name, capacityId })) });
    }
    const [, id = "", rest = ""] = /^groups\/([^/]+)\/?(.*)$/.exec(path) ?? [];
    const group = this.groups.get(id);
    if (!group) return refused(404, "PowerBIEntityNotFound");
    return this.inGroup(group, rest, asked);
  }

  private inGroup(group: Group, path: string, asked: Asked): Answer {
    const { method, query } = asked;
    const [area = "", id = "", action = ""] = path.split("/");
    if (area === "" && method === "DELETE") {
      this.groups.delete(group.id);
      return ok();
    }
    if (area === "AssignToCapacity") {
      group.capacityId = json(asked).capacityId;
      return ok();
    }
    if (area === "users") return ok({ value: [] });
    if (area === "imports" && method === "POST")
      return this.import(group, query.get("datasetDisplayName") ?? "", asked);
    if (area === "imports") {
      const name = this.imports.get(id);
      return name === undefined ? refused(404, "ImportNotFound") : ok({ id, importState: this.publishes(name) });
    }
    if (area === "reports" && id === "") return ok({ value: group.reports.map(({ file: _, ...shown }) => shown) });
    if (area === "reports" && action === "Export") {
      const report = group.reports.find((one) => one.id === id);
      return report ? { status: 200, body: Buffer.from(report.file) } : refused(404, "PowerBIEntityNotFound");
    }
    if (area === "datasets" && id === "")
      return ok({ value: group.datasets.map(({ id: key, name }) => ({ id: key, name })) });
    const dataset = group.datasets.find((one) => one.id === id);
    if (!dataset) return refused(404, "PowerBIEntityNotFound");
    if (action === "refreshes" && method === "POST") {
      dataset.refreshes.unshift({ status: this.refreshes, endTime: new Date().toISOString() });
      return { status: 202 };
    }
    if (action === "refreshes") return ok({ value: dataset.refreshes });
    if (action === "Default.UpdateParameters") {
      if (!dataset.taken) return refused(403, "DatasetOwnerRequired");
      for (const { name, newValue } of json(asked).updateDetails) dataset.parameters[name] = newValue;
      return ok();
    }
    if (action === "Default.TakeOver" && method === "POST") {
      dataset.taken = true;
      return ok();
    }
    return refused(404, "PowerBIEntityNotFound");
  }

  private import(group: Group, file: string, { body, headers }: Asked): Answer {
    if (!String(headers["content-type"]).startsWith("multipart/form-data"))
      return refused(400, "RequestedFileIsEncryptedOrCorrupted");
    const id = `import-${this.imports.size + 1}`;
    const name = file.replace(/\.pbix$/, "");
    this.imports.set(id, name);
    if (this.publishes(name) !== "Succeeded") return ok({ id }, 202);
    const content = body
      .toString("utf8")
      .split("\r\n\r\n")
      .slice(1)
      .join("\r\n\r\n")
      .replace(/\r\n--[-\w]+--\r\n$/, "");
    if (!group.datasets.some((one) => one.name === name))
      group.datasets.push({ id: `dataset-${id}`, name, refreshes: [], parameters: {} });
    group.reports = group.reports.filter((one) => one.name !== name);
    group.reports.push({ id: `report-${id}`, name, datasetId: `dataset-${id}`, file: content });
    return ok({ id }, 202);
  }
}
