import { expect, test } from "vitest";
import { explain, markdown } from "../../evidence";
import { foundAt } from "../../evidence/founded";
import { type Fact, kubernetes, model, spanFrom, type Term, termOf } from "../../recovery";
import { meta } from "./judgement";
import { judged, orders, read } from "./plans";

const { toleration, forceDetach, smallCluster } = kubernetes;

function resting(value: string, facts: Fact[], more: Partial<Term> = {}): Term {
  const plain = read("pod is tolerated", value, "Deployment orders", "spec.tolerations");
  return { ...plain, facts: facts.map(({ id }) => id), ...more };
}

test.each<[string, Term, string]>([
  ["on no fact", read("run", "2m", "CronJob x", "spec.run"), "CronJob x · spec.run"],
  ["on a list of none", resting("2m", []), "Deployment orders · spec.tolerations"],
  [
    "on the default of its platform",
    resting("5m", [toleration]),
    "Deployment orders · spec.tolerations, default, fact kubernetes.toleration",
  ],
  [
    "on a fact in days that is its value",
    resting("90d", [model.drillLife]),
    "Deployment orders · spec.tolerations, default, fact model.drill-life",
  ],
  [
    "on a fact that is not its value",
    resting("4m", [toleration]),
    "Deployment orders · spec.tolerations, fact kubernetes.toleration",
  ],
  [
    "on a fact that is a count and no span",
    resting("50s", [smallCluster]),
    "Deployment orders · spec.tolerations, fact kubernetes.small-cluster",
  ],
  [
    "on a register entry beside a fact",
    resting("5m", [toleration], { grade: "assumed", assumption: "stays" }),
    "Deployment orders · spec.tolerations, fact kubernetes.toleration",
  ],
  [
    "on several facts",
    resting("5m", [toleration, forceDetach, smallCluster]),
    "Deployment orders · spec.tolerations, facts kubernetes.toleration, kubernetes.force-detach and kubernetes.small-cluster",
  ],
  ["on a fact and nothing else", termOf("detach", spanFrom(forceDetach)), "fact kubernetes.force-detach, default"],
  [
    "on a fact that nobody knows any more",
    resting("5m", [], { facts: ["kubernetes.gone"] }),
    "Deployment orders · spec.tolerations, fact kubernetes.gone",
  ],
])("a number that rests %s says so after its source", (_, term, shown) => {
  expect(foundAt(term)).toBe(shown);
});

test("the facts of a recovery stand behind its numbers, on a terminal faintly, and in Markdown", () => {
  const judgement = judged(orders());
  const text = explain(judgement, "shop/orders", "region", { colour: false, width: 132 });
  expect(text).toMatch(
    /5m {2}pod is tolerated on a lost node +Deployment orders · spec.tolerations, default, fact kubernetes.toleration +guaranteed\n/,
  );
  expect(text).toContain("facts kubernetes.eviction-interval and");
  const coloured = explain(judgement, "shop/orders", "region", { colour: true, width: 132 });
  expect(coloured).toContain(
    "\u001b[2mDeployment orders · spec.tolerations, default, fact kubernetes.toleration\u001b[22m",
  );
  expect(markdown(judgement, meta)).toContain(
    "| Deployment orders · spec.tolerations, default, fact kubernetes.toleration |",
  );
});
