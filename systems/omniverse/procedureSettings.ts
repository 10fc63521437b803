import { z } from "zod";
import type { Duration } from "../../recovery/duration";
import * as is from "../config/settings";
import { type ProcedureName, procedures } from "./procedures";

const deadlines = (name: ProcedureName) =>
  z
    .strictObject(
      Object.fromEntries(
        Object.entries(procedures[name].steps).map(([step, deadline]) => [
          step,
          is.span().default(deadline) as z.ZodType<Duration, Duration | undefined>,
        ]),
      ),
    )
    .prefault({});

/** Deadlines of the procedures' steps, by procedure. */
export const procedureSettings = z
  .strictObject(
    Object.fromEntries((Object.keys(procedures) as ProcedureName[]).map((name) => [name, deadlines(name)])) as Record<
      ProcedureName,
      ReturnType<typeof deadlines>
    >,
  )
  .prefault({});

const WINDOW =
  /^(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d-(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d$/;

/** What a stack says of its deployments. */
export const changeSettings = z
  .strictObject({
    /** When a deployment may begin, in UTC; between two dumps, and not in the runbook's window of Sunday. */
    windows: z
      .array(is.matching("a window of the week in UTC, such as sat:07:00-sat:10:00", WINDOW))
      .min(1)
      .default(["sat:07:00-sat:10:00"]),
    /** How long a new version is watched before people are let in. */
    watch: is.span().default("30m"),
    /** Lines of the server's logs with ERROR, above which a new version has failed. */
    errorsAMinute: is.whole(0, 10_000, 10).default(10),
  })
  .prefault({});
