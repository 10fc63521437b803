import * as aws from "@pulumi/aws";
import { describe, expect, it } from "vitest";
import { AlertRules } from "../../components/alerts/alertRules";
import { CloudAlarms } from "../../components/alerts/cloudAlarms";
import { PushgatewayMonitor } from "../../components/alerts/pushgatewayMonitor";
import { RecordingRules } from "../../components/alerts/recordingRules";
import { ServiceMonitor } from "../../components/alerts/serviceMonitor";
import { SiteProbe } from "../../components/alerts/siteProbe";
import { KeptAsset } from "../../components/asset/keptAsset";
import { Register } from "../../components/register/register";
import { declared, named, namesOf, placement } from "./declare";

describe("alert rules", () => {
  it("are one PrometheusRule and the routes its alerts take", async () => {
    const groups = [{ name: "shop", interval: "15s", rules: [{ alert: "ShopDown", expr: "up == 0" }] }];
    const routes = { route: { receiver: "on-call" }, receivers: [{ name: "on-call" }] };
    const all = await declared(
      () =>
        new AlertRules("shop", { placement: placement(), object: "shop", selectors: { release: "p" }, groups, routes }),
    );
    expect(namesOf(all)).toEqual([
      "holdfast:alerts:AlertRules shop",
      "kubernetes:monitoring.coreos.com/v1:PrometheusRule shop-rules",
      "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig shop-routes",
    ]);
    const metadata = { name: "shop", namespace: "here", labels: { release: "p" } };
    expect(named(all, "shop-rules").props).toMatchObject({ metadata, spec: { groups } });
    expect(named(all, "shop-routes").props).toMatchObject({ metadata, spec: routes });
  });
});

describe("recording rules", () => {
  it("are one PrometheusRule with one group", async () => {
    const rules = [{ record: "shop_up", expr: "max(up)", labels: { namespace: "here" } }];
    const args = {
      placement: placement(),
      object: "shop-metrics",
      selectors: { release: "p" },
      interval: "15s",
      rules,
    };
    const all = await declared(() => new RecordingRules("shop", args));
    expect(namesOf(all)).toEqual([
      "holdfast:alerts:RecordingRules shop",
      "kubernetes:monitoring.coreos.com/v1:PrometheusRule shop-rules",
    ]);
    expect(named(all, "shop-rules").props).toMatchObject({
      metadata: { name: "shop-metrics", namespace: "here", labels: { release: "p" } },
      spec: { groups: [{ name: "shop-metrics", interval: "15s", rules }] },
    });
  });
});

describe("a service monitor", () => {
  it("reads the port of a Service, and says for which assets", async () => {
    const all = await declared(
      () =>
        new ServiceMonitor("shop", {
          placement: placement(),
          monitor: "shop",
          selectors: { release: "p" },
          service: { app: "shop" },
          jobLabel: "app",
          port: "metrics",
          scheme: "http",
          asset: "shop/*",
          interval: "15s",
          timeout: "10s",
        }),
    );
    expect(namesOf(all)).toEqual([
      "holdfast:alerts:ServiceMonitor shop",
      "kubernetes:monitoring.coreos.com/v1:ServiceMonitor shop-monitor",
    ]);
    expect(named(all, "shop-monitor").props).toMatchObject({
      metadata: { name: "shop", labels: { release: "p" }, annotations: { "holdfast.dev/asset": "shop/*" } },
      spec: {
        jobLabel: "app",
        selector: { matchLabels: { app: "shop" } },
        endpoints: [{ port: "metrics", scheme: "http", interval: "15s", scrapeTimeout: "10s" }],
      },
    });
  });
});

describe("a site probe", () => {
  it("asks ports as well, several at once, and need not be about an asset", async () => {
    const all = await declared(
      () =>
        new SiteProbe("doors", {
          placement: placement(),
          probe: "doors",
          selectors: {},
          prober: "blackbox:9115",
          module: "tcp_connect",
          url: ["one:636", "two:636"],
          interval: "15s",
          timeout: "10s",
        }),
    );
    expect(named(all, "doors-probe").props).toMatchObject({
      metadata: { annotations: {} },
      spec: { module: "tcp_connect", targets: { staticConfig: { static: ["one:636", "two:636"] } } },
    });
  });

  it("asks a URL and says for which asset", async () => {
    const all = await declared(
      () =>
        new SiteProbe("far", {
          placement: placement(),
          probe: "shop-from-afar",
          selectors: {},
          asset: "shop/data",
          prober: "blackbox:9115",
          url: "https://shop.example.com/health",
          interval: "15s",
          timeout: "10s",
        }),
    );
    expect(namesOf(all)).toEqual([
      "holdfast:alerts:SiteProbe far",
      "kubernetes:monitoring.coreos.com/v1:Probe far-probe",
    ]);
    expect(named(all, "far-probe").props).toMatchObject({
      metadata: { name: "shop-from-afar", annotations: { "holdfast.dev/asset": "shop/data" } },
      spec: {
        jobName: "shop-from-afar",
        prober: { url: "blackbox:9115" },
        targets: { staticConfig: { static: ["https://shop.example.com/health"] } },
        interval: "15s",
        scrapeTimeout: "10s",
      },
    });
  });
});

describe("a monitor of the Pushgateway", () => {
  it("scrapes the Service that the labels name, keeps the labels that jobs push, and says for which assets", async () => {
    const all = await declared(
      () =>
        new PushgatewayMonitor("pushed", {
          placement: placement(),
          monitor: "shop-pushgateway",
          selectors: { release: "p" },
          gateway: { namespace: "monitoring", labels: { app: "pushgateway" }, port: "http" },
          asset: "shop/*",
          interval: "15s",
          timeout: "10s",
        }),
    );
    expect(namesOf(all)).toEqual([
      "holdfast:alerts:PushgatewayMonitor pushed",
      "kubernetes:monitoring.coreos.com/v1:ServiceMonitor pushed-monitor",
    ]);
    expect(named(all, "pushed-monitor").props).toMatchObject({
      metadata: { name: "shop-pushgateway", labels: { release: "p" }, annotations: { "holdfast.dev/asset": "shop/*" } },
      spec: {
        namespaceSelector: { matchNames: ["monitoring"] },
        selector: { matchLabels: { app: "pushgateway" } },
        endpoints: [
          {
            port: "http",
            honorLabels: true,
            interval: "15s",
            scrapeTimeout: "10s",
            metricRelabelings: [{ sourceLabels: ["asset"], regex: "shop/.*", action: "keep" }],
          },
        ],
      },
    });
  });
});

describe("alarms of AWS", () => {
  it("tell a topic that somebody is subscribed to, and say what they guard", async () => {
    const all = await declared(() => {
      const provider = new aws.Provider("here", { region: "eu-central-1", allowedAccountIds: ["111111111111"] });
      new CloudAlarms("shop", {
        provider,
        topic: "shop-alarms",
        to: "pages@example.com",
        runbooks: "https://runbooks.example.com",
        alarms: [
          {
            alarm: "ShopFull",
            namespace: "AWS/RDS",
            metric: "FreeStorageSpace",
            dimensions: { DBInstanceIdentifier: "shop" },
            statistic: "Minimum",
            threshold: 1_000,
            below: true,
            period: "5m",
            periods: 3,
            missing: "breaching",
            asset: "shop/data",
            guards: "capacity",
            severity: "critical",
            description: "The shop is nearly full.",
          },
        ],
        tags: { system: "shop" },
      });
    });
    expect(namesOf(all)).toEqual([
      "aws:cloudwatch/metricAlarm:MetricAlarm shop-ShopFull",
      "aws:sns/topic:Topic shop-topic",
      "aws:sns/topicSubscription:TopicSubscription shop-page",
      "holdfast:alerts:CloudAlarms shop",
    ]);
    expect(named(all, "shop-page").props).toMatchObject({ protocol: "email", endpoint: "pages@example.com" });
    expect(named(all, "shop-ShopFull").props).toMatchObject({
      name: "ShopFull",
      alarmDescription: "The shop is nearly full.",
      comparisonOperator: "LessThanThreshold",
      threshold: 1_000,
      period: 300,
      evaluationPeriods: 3,
      treatMissingData: "breaching",
      tags: {
        system: "shop",
        "holdfast.dev/asset": "shop/data",
        "holdfast.dev/guards": "capacity",
        "holdfast.dev/severity": "critical",
        "holdfast.dev/runbook": "https://runbooks.example.com/ShopFull.md",
      },
    });
  });
});

describe("a kept asset", () => {
  it("is a promise, a site and a service, and declares nothing else", async () => {
    const promise = {
      id: "shop/state",
      kind: "state",
      objectives: {},
      retention: { atLeast: "30d" },
      bytes: 1,
      site: "primary",
      service: "s3",
    } as const;
    const all = await declared(() => new KeptAsset("kept", promise));
    expect(namesOf(all)).toEqual(["holdfast:asset:KeptAsset kept"]);
    expect(named(all, "kept").props).toEqual({ asset: promise });
  });
});

describe("the register", () => {
  it("puts out exactly what it is given, and has no children", async () => {
    const args = { sites: [], assumptions: [], waivers: [], drills: [] };
    const all = await declared(() => new Register("register", args));
    expect(namesOf(all)).toEqual(["holdfast:register:Register register"]);
    expect(named(all, "register").props).toEqual(args);
  });
});
