import { describe, expect, it } from "vitest";
import type { Flow } from "../../lib/fdl/definition.ts";
import { eventTypes, runReadme } from "../testing/command.ts";
import { readFlow, readInput } from "../testing/example.ts";
import { details, type PlayedExample, path, playExample } from "../testing/player.ts";
import functions from "./functions.ts";

const folder = import.meta.dirname;
const flow = readFlow(folder);
const withoutRetry = readFlow(folder, "flow-without-retry.yml");

interface Order {
  readonly train: Result;
  readonly flight: Result;
  readonly hotel: Result;
}
type Result = "success" | "fail" | false;

const RESULTS: readonly Result[] = ["success", "fail", false];
const ORDERS: readonly Order[] = RESULTS.flatMap((train) =>
  RESULTS.flatMap((flight) => RESULTS.map((hotel) => ({ train, flight, hotel }))),
);
const good = (result: Result) => result === "success";

const TRAIN_FAILS = ORDERS.filter(({ train }) => !good(train));
const FLIGHT_FAILS = ORDERS.filter(({ train, flight }) => good(train) && !good(flight));
const HOTEL_FAILS = ORDERS.filter(({ train, flight, hotel }) => good(train) && good(flight) && !good(hotel));
const ALL_WELL = ORDERS.filter(({ train, flight, hotel }) => good(train) && good(flight) && good(hotel));

function place(definition: Flow, { train, flight, hotel }: Order): PlayedExample {
  const input = { buy_train_ticket_result: train, reserve_flight_result: flight, reserve_hotel_result: hotel };
  return playExample(definition, functions, { input });
}

/** A failed order says nothing more than that it failed: OrderFailed has no error of its own. */
const ORDER_FAILED = { status: "Failed", error: "", cause: "" };
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

describe.each([
  { name: "flow.yml", definition: flow, hotelAttempts: [0, 1, 3, 7] },
  { name: "flow-without-retry.yml", definition: withoutRetry, hotelAttempts: [0] },
])("distributed-transaction/$name", ({ definition, hotelAttempts }) => {
  it.each(TRAIN_FAILS)("books nothing when the train fails: train $train, flight $flight, hotel $hotel", (order) => {
    const played = place(definition, order);
    expect(played).toMatchObject(ORDER_FAILED);
    expect(path(played)).toEqual(["BuyTrainTicket", "OrderFailed"]);
    expect(played.calls).toEqual([
      { step: "BuyTrainTicket", at: 0, input: { operation: "buy_train_ticket", buy_train_ticket: order.train } },
    ]);
  });

  it.each(FLIGHT_FAILS)("cancels the train when the flight fails: flight $flight, hotel $hotel", (order) => {
    const played = place(definition, order);
    expect(played).toMatchObject(ORDER_FAILED);
    expect(path(played)).toEqual(["BuyTrainTicket", "ReserveFlight", "CancelTrainTicket", "OrderFailed"]);
    expect(played.calls.map(({ step }) => step)).toEqual(["BuyTrainTicket", "ReserveFlight", "CancelTrainTicket"]);
    expect(played.calls.at(-1)?.input).toEqual({
      operation: "cancel_train_ticket",
      buy_train_ticket_txnID: transaction(played, "buy_train_ticket"),
    });
  });

  it.each(HOTEL_FAILS)("cancels flight and train when no attempt at the hotel succeeds: hotel $hotel", (order) => {
    const played = place(definition, order);
    const end = Math.max(...hotelAttempts);
    expect(played).toMatchObject({ ...ORDER_FAILED, time: end * 1000 });
    expect(path(played)).toEqual([
      "BuyTrainTicket",
      "ReserveFlight",
      "ReserveHotel",
      "CancelFlight",
      "CancelTrainTicket",
      "OrderFailed",
    ]);
    const hotel = { operation: "reserve_hotel", reserve_hotel: order.hotel };
    const flight_txnID = transaction(played, "reserve_flight");
    const train_txnID = transaction(played, "buy_train_ticket");
    expect(flight_txnID).not.toEqual(train_txnID);
    expect(played.calls.slice(2)).toMatchObject([
      ...hotelAttempts.map((at) => ({ step: "ReserveHotel", at, input: hotel })),
      { step: "CancelFlight", at: end, input: { operation: "cancel_flight", reserve_flight_txnID: flight_txnID } },
      {
        step: "CancelTrainTicket",
        at: end,
        input: { operation: "cancel_train_ticket", buy_train_ticket_txnID: train_txnID },
      },
    ]);
  });

  it.each(ALL_WELL)("books all three when nothing fails", (order) => {
    const played = place(definition, order);
    expect(path(played)).toEqual(["BuyTrainTicket", "ReserveFlight", "ReserveHotel", "OrderSucceeded"]);
    expect(played).toMatchObject({ status: "Succeeded", time: 0 });
    expect(played.output).toEqual({
      buy_train_ticket: "success",
      buy_train_ticket_txnID: transaction(played, "buy_train_ticket"),
      reserve_flight: "success",
      reserve_flight_txnID: transaction(played, "reserve_flight"),
      reserve_hotel: "success",
      reserve_hotel_txnID: transaction(played, "reserve_hotel"),
    });
  });

  it("books all three when the input says nothing about results", () => {
    const played = playExample(definition, functions);
    expect(played.status).toBe("Succeeded");
    expect(played.calls.map(({ input }) => input)).toEqual([
      { operation: "buy_train_ticket" },
      { operation: "reserve_flight" },
      { operation: "reserve_hotel" },
    ]);
  });
});

describe("distributed-transaction", () => {
  it("goes on booking when a later attempt at the hotel succeeds", () => {
    let attempts = 0;
    const recovering = {
      "fnf-demo/Operation": (event: { readonly operation: string }) => {
        if (event.operation === "reserve_hotel") attempts += 1;
        return functions["fnf-demo/Operation"]({ ...event, reserve_hotel: attempts === 3 ? "success" : "fail" });
      },
    };
    const played = playExample(flow, recovering);
    expect(played).toMatchObject({ status: "Succeeded", time: 3000, output: { reserve_hotel: "success" } });
    expect(path(played)).toEqual(["BuyTrainTicket", "ReserveFlight", "ReserveHotel", "OrderSucceeded"]);
    expect(details(played, "StepExited", "ReserveHotel")).toMatchObject([{ retryCount: 2 }]);
  });

  it("leaves an exception to nobody: only a crash is caught, and an order that failed otherwise cancels nothing", () => {
    const refusing = {
      "fnf-demo/Operation": () => {
        throw new RangeError("no seats");
      },
    };
    const played = playExample(flow, refusing);
    expect(played).toMatchObject({ status: "Failed", error: "RangeError", cause: expect.stringContaining("no seats") });
    expect(path(played)).toEqual(["BuyTrainTicket"]);
  });

  it("shows in the history how the hotel failed and where the flow went", () => {
    const played = playExample(flow, functions, { input: readInput(folder) });
    expect(details(played, "StepExited", "ReserveHotel")).toEqual([
      {
        input: { operation: "reserve_hotel", reserve_hotel: "fail" },
        local: {
          buy_train_ticket: "success",
          buy_train_ticket_txnID: transaction(played, "buy_train_ticket"),
          reserve_flight: "success",
          reserve_flight_txnID: transaction(played, "reserve_flight"),
        },
        output: {},
        resourceArn: "acs:fc:::services/fnf-demo/functions/Operation",
        error: "FC.Unknown",
        cause: expect.stringContaining("Process exited unexpectedly before completing request"),
        retryCount: 3,
        goto: "CancelFlight",
      },
    ]);
  });

  it("differs without retry in the retry alone", () => {
    const withoutPolicies = flow.steps.map((step) => (step.type === "task" ? { ...step, retry: [] } : step));
    expect(withoutRetry).toEqual({ ...flow, steps: withoutPolicies });
  });

  it.each([
    { definition: "flow.yml", file: "input.json", hotels: 4, cancels: ["CancelFlight", "CancelTrainTicket"] },
    {
      definition: "flow-without-retry.yml",
      file: "input.json",
      hotels: 1,
      cancels: ["CancelFlight", "CancelTrainTicket"],
    },
    { definition: "flow.yml", file: "input-flight-fails.json", hotels: 0, cancels: ["CancelTrainTicket"] },
    { definition: "flow.yml", file: "input-train-fails.json", hotels: 0, cancels: [] },
  ])("runs as the README says: $definition fails with $file", async ({ definition, file, hotels, cancels }) => {
    const { code, document } = await runReadme(folder, `${definition} --input @flows/distributed-transaction/${file}`);
    expect(code).toBe(1);
    expect(document).toMatchObject({ ...ORDER_FAILED, output: null });
    const types = eventTypes(document.events);
    const played = playExample(readFlow(folder, definition), functions, { input: readInput(folder, file) });
    expect(types).toEqual(eventTypes(played.history));
    expect(types.filter((type) => type === "TaskScheduled ReserveHotel")).toHaveLength(hotels);
    expect(types.filter((type) => type.startsWith("TaskSucceeded Cancel"))).toEqual(
      cancels.map((step) => `TaskSucceeded ${step}`),
    );
  });

  it("runs as the README says: flow.yml succeeds with input-success.json", async () => {
    const played = playExample(flow, functions, { input: readInput(folder, "input-success.json") });
    const { code, document } = await runReadme(folder, "input-success.json");
    expect(code).toBe(0);
    expect(document.status).toBe("Succeeded");
    const txnID = expect.stringMatching(UUID);
    expect(document.output).toEqual({
      buy_train_ticket: "success",
      buy_train_ticket_txnID: txnID,
      reserve_flight: "success",
      reserve_flight_txnID: txnID,
      reserve_hotel: "success",
      reserve_hotel_txnID: txnID,
    });
    expect(eventTypes(document.events)).toEqual(eventTypes(played.history));
  });
});

/** The transaction id that an operation gave back. */
function transaction({ calls }: PlayedExample, operation: string): unknown {
  const results = calls.map(({ result }) => (typeof result === "string" ? JSON.parse(result) : {}));
  const id: unknown = results.find((result) => Object.hasOwn(result, operation))?.[`${operation}_txnID`];
  expect(id).toMatch(UUID);
  return id;
}
