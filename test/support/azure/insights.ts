import { type Answer, type Asked, json, ok, refused } from "./wire";

/** A result of an availability test. */
export interface TestResult {
  name: string;
  success: boolean;
  /** Milliseconds. */
  took: number;
  message: string;
}

/** Application Insights, as far as it takes results of availability tests. */
export class Insights {
  readonly key = "00000000-0000-0000-0000-00000000001e";
  readonly results: TestResult[] = [];

  answer(asked: Asked): Answer {
    const { iKey, name, data } = json(asked);
    if (asked.method !== "POST" || asked.path !== "/v2.1/track") return refused(404, "NotFound");
    const { baseType, baseData } = data ?? {};
    const [, hours, minutes, seconds] = /^(\d\d):(\d\d):(\d\d\.\d{7})$/.exec(baseData?.duration) ?? [];
    const good =
      iKey === this.key && name === "Microsoft.ApplicationInsights.Availability" && baseType === "AvailabilityData";
    if (!good || hours === undefined || typeof baseData.success !== "boolean")
      return ok({ itemsReceived: 1, itemsAccepted: 0, errors: [{ index: 0, statusCode: 400 }] });
    const took = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
    this.results.push({ name: baseData.name, success: baseData.success, took, message: baseData.message });
    return ok({ itemsReceived: 1, itemsAccepted: 1, errors: [] });
  }
}
