/** The example flows as scenarios, with functions that do what theirs do, but the same each time (example-functions.ts). */
import { answering, callback, failed, type Scenario, scenario, succeeded } from "./scenario.ts";

/** Where each lies, below the folder of the examples. */
export const EXAMPLE_FLOWS: { readonly [name: string]: string } = {
  "example-saga": "distributed-transaction/flow.yml",
  "example-saga-without-retry": "distributed-transaction/flow-without-retry.yml",
  "example-poll": "poll-task-status/flow.yml",
  "example-poll-quick": "poll-task-status/flow-quick.yml",
  "example-errors": "error-handling/flow.yml",
  "example-common-errors": "error-handling/flow-common-errors.yml",
  "example-callback": "callback/flow.yml",
  "example-queue": "mns-queue/flow.yml",
  "example-topic": "mns-topic/flow.yml",
  "example-versions": "function-versions/flow.yml",
  "example-schedule": "time-schedule/flow.yml",
};

const BOOKINGS = { buy_train_ticket_result: "success", reserve_flight_result: "success", reserve_hotel_result: "fail" };
const TICK = { triggerName: "every-morning", triggerTime: "2020-08-16T07:34:15Z", payload: { name: "Stepwell" } };

export const EXAMPLES: readonly Scenario[] = [
  scenario("example-saga", BOOKINGS, failed("")),
  scenario("example-saga-without-retry", BOOKINGS, failed("")),
  scenario("example-poll", { delay: 20 }, succeeded({ job_id: "job", try_count: 3, job_status: "success" })),
  scenario("example-poll-quick", { delay: 20 }, succeeded({ job_id: "job", try_count: 3, job_status: "success" })),
  scenario("example-errors", { failures: 1 }, succeeded({ message: "hello" })),
  scenario("example-common-errors", { error: "FC.Unknown", failures: 1 }, succeeded({ message: "hello" })),
  callback("example-callback", succeeded({ s: "ok" }), { reported: succeeded({}) }),
  callback("example-queue", succeeded({ key: "value" }), {
    act: answering({ key: "value" }),
    reported: succeeded({ answer: 99 }),
  }),
  {
    ...callback("example-topic", succeeded({ status: "ok" }), {
      act: answering({ status: "ok" }),
      reported: succeeded({}),
    }),
    input: { messageBody: "hello world" },
  },
  scenario("example-versions", {}, succeeded({ success: true })),
  scenario("example-schedule", TICK, succeeded({ message: "Hello Stepwell, it is 2020-08-16T07:34:15Z." })),
];
