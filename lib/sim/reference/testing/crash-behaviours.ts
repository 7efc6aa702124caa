/** What the functions of the crash flows and of the example flows do, as behaviours. */
import { isObject, type Json, type JsonObject, own } from "../../../fdl/json.ts";
import type { Behaviour, Outcome, Reported } from "../../behaviours.ts";

type Answer = (payload: JsonObject, retryCount: number) => Json | undefined;

const quick = (outcome: Behaviour["outcome"], takesMs = 100): Behaviour => ({
  takesMs,
  refusals: 0,
  outcome,
  reports: () => [],
});
const gives = (answer: Answer, takesMs?: number): Behaviour =>
  quick((payload, retryCount) => ({ kind: "returns", value: answer(payload, retryCount) }), takesMs);
const breaks = (error: string, message: string): Outcome => ({ kind: "throws", error, message, cause: message });
const reporting = (reports: (retryCount: number) => readonly Reported[], behaviour = gives(() => ({}))): Behaviour => ({
  ...behaviour,
  reports: (_, retryCount) => reports(retryCount),
});

const success = (afterMs: number, answer = 42): Reported => ({ afterMs, kind: "succeeded", output: { answer } });
const SOON_MS = 20_000;
const LATE_MS = 4_000_000;

export const CRASH_BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  "sim/add": gives((payload) => ({ n: number(payload, "n") + 1 })),
  "sim/count": gives((payload) => ({ n: number(payload, "n") + 1 })),
  "sim/echo": gives((payload) => payload),
  "sim/slow": gives(() => ({ slow: true }), 100_000),
  "sim/hang": quick(() => ({ kind: "hangs" }), 3_600_000),
  "sim/flaky": quick((_, retryCount) =>
    retryCount < 2 ? breaks("Flaky", `attempt ${retryCount}`) : { kind: "returns", value: { tries: retryCount } },
  ),
  "sim/fail": quick(() => breaks("Broken", "it always is")),
  "sim/failsFirst": quick(() => breaks("FirstTime", "the first fork fails")),
  "sim/failsAt": quick((payload) =>
    number(payload, "n") === 3 ? breaks("Unlucky", "three") : { kind: "returns", value: { n: number(payload, "n") } },
  ),
  "sim/chunk": gives((payload) => ({ n: number(payload, "n"), text: "x".repeat(40_000) })),
  "sim/big": gives((payload) => ({ text: "y".repeat(70_000), n: number(payload, "n") + 1 })),
  "sim/measure": gives((payload) => ({ bytes: JSON.stringify(payload).length, text: "", texts: [] })),
  "sim/unsure": gives(() => ({ run: 1 })),
  "sim/unsure2": gives(() => ({ run2: 1 })),
  "sim/throttled": gives(() => ({ n: 1 })),
  "sim/alwaysThrottled": quick(() => breaks("FC.ResourceThrottled", "too many at once")),
  "sim/which": gives(() => ({ version: "1" })),
  "sim/later": reporting(() => [success(SOON_MS)]),
  "sim/early": reporting(() => [success(0)]),
  "sim/twice": reporting(() => [success(SOON_MS), success(2 * SOON_MS, 43)]),
  "sim/refuses": reporting((retryCount) =>
    retryCount > 0 ? [success(SOON_MS)] : [{ afterMs: SOON_MS, kind: "failed", error: "Refused", cause: "not today" }],
  ),
  "sim/crossed": reporting(
    (retryCount) => [success(0, retryCount > 0 ? 42 : 43)],
    quick((_, retryCount) => (retryCount === 0 ? breaks("Crossed", "void") : { kind: "returns", value: {} })),
  ),
  "sim/lateOnce": reporting((retryCount) => [retryCount === 0 ? success(LATE_MS, 43) : success(SOON_MS)]),
  "sim/silent": gives(() => ({})),
  "fnf-demo/StartJob": gives(() => ({ job_id: "job" })),
  "fnf-demo/GetJobStatus": gives((payload) => {
    const count = number(payload, "try_count") + 1;
    return { job_id: "job", job_status: count < 3 ? "running" : "success", try_count: count };
  }),
  "fnf-demo/Operation": quick((payload) => {
    const operation = own(payload, "operation");
    const name = typeof operation === "string" ? operation : "operation";
    const result = own(payload, name);
    if (result === false || result === "fail") return breaks("FC.Unknown", `${name} died`);
    return { kind: "returns", value: JSON.stringify({ [name]: "success", [`${name}_txnID`]: `${name}-1` }) };
  }),
  "fnf-demo/hello": quick((payload, retryCount) =>
    retryCount < number(payload, "failures")
      ? breaks("ErrorNeedsRetry", "custom error message")
      : { kind: "returns", value: { message: "hello" } },
  ),
  "fnf-demo/simulate": quick((payload, retryCount) =>
    retryCount < number(payload, "failures")
      ? breaks(String(own(payload, "error")), "simulated")
      : { kind: "returns", value: { message: "hello" } },
  ),
  "fnf-demo/echo": reporting(() => [{ afterMs: SOON_MS, kind: "succeeded", output: { s: "ok" } }]),
  "fnf-demo/provision": gives(() => ({ success: true })),
  "service-CD946B9A9F36/hello": gives((payload) => {
    const inner = own(payload, "payload");
    return { message: `Hello ${isObject(inner) ? String(own(inner, "name")) : "world"}.` };
  }),
};

function number(payload: JsonObject, key: string): number {
  const value = own(payload, key);
  return typeof value === "number" ? value : 0;
}
