/** A functions module with one function for each way a function can end. */
import { spawn } from "node:child_process";
import { closeSync, readdirSync, watch, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

interface Context {
  readonly functionName: string;
  getRemainingTimeInMillis(): number;
}

class CardDeclined extends Error {}

class Renamed extends Error {
  override readonly name = "payments.Refused";
}

class NotAnInteger extends TypeError {}

const cycle: { self?: unknown } = {};
cycle.self = { again: [cycle] };

let calls = 0;

export default {
  // Results.
  echo: (event: unknown) => event,
  "shop/pay": async (event: unknown) => ({ service: "shop", event }),
  "shop.online/pay": () => "online",
  "shop-refund": () => "refund by Lambda name",
  "hello:3": () => "version 3",
  hello: () => "unqualified",
  "acs:fc:cn-hangzhou:42:services/shop/functions/ship": () => "by full text",
  "arn:aws:lambda:us-east-1:1:function:billing": () => "by ARN",
  context: (_event: unknown, context: Context) => ({ ...context, remaining: context.getRemainingTimeInMillis() }),
  pid: () => ({ pid: process.pid, calls: ++calls }),
  nothing: () => undefined,
  nan: () => ({ a: Number.NaN, b: undefined, c: [undefined] }),
  big: ({ bytes }: { bytes: number }) => "x".repeat(bytes - 2),
  bigint: () => ({ orders: [{ total: 1 }, { "net-price": 10n }] }),
  cycle: () => cycle,
  functionResult: () => () => 1,
  symbolResult: () => Symbol("s"),
  angryResult: () => ({
    get a(): never {
      throw new Error("do not read me");
    },
  }),

  // Exceptions.
  plainError: () => {
    throw new Error("plain");
  },
  subclass: () => {
    throw new CardDeclined("no funds");
  },
  renamed: async () => {
    throw new Renamed("refused");
  },
  subclassOfBuiltIn: () => {
    throw new NotAnInteger("1.5");
  },
  builtIn: () => JSON.parse("{"),
  thrownText: () => {
    throw "just text";
  },
  thrownNull: () => Promise.reject(null),
  thrownObject: () => Promise.reject({ code: 5 }),
  errorLike: () => Promise.reject({ name: "SoapFault", message: "remote", constructor: null }),
  unreadable: () =>
    Promise.reject(
      Object.defineProperty(new Error("x"), "message", {
        get() {
          throw new Error("not even that");
        },
      }),
    ),

  // Deaths.
  exit: ({ code }: { code: number }) => process.exit(code),
  abort: () => process.abort(),
  killed: () => {
    process.kill(process.pid, "SIGKILL");
    return new Promise(() => {});
  },
  allMemory: () => {
    const hoard: number[][] = [];
    for (;;) hoard.push(new Array(100_000).fill(1.5));
  },
  laterException: () => {
    setTimeout(() => {
      throw new CardDeclined("too late");
    }, 1);
    return new Promise(() => {});
  },
  unhandledRejection: () => {
    void Promise.reject(new CardDeclined("nobody listens"));
    return new Promise(() => {});
  },
  exceptionAfterwards: () => {
    setImmediate(() => {
      throw new Error("after the result");
    });
    return "done before";
  },
  exitAfterwards: () => {
    setImmediate(() => process.exit(5));
    return "done before";
  },
  killedAfterwards: () => {
    setImmediate(() => process.kill(process.pid, "SIGKILL"));
    return "done before";
  },
  leavesProcessBehindAfterwards: () => {
    spawn(process.execPath, ["-e", "setTimeout(() => {}, 3000)"], { stdio: "inherit" }).unref();
    setImmediate(() => process.kill(process.pid, "SIGKILL"));
    return "done before";
  },
  closesChannel: () => {
    closeSync(3);
    return new Promise(() => {});
  },
  writesIntoChannel: () => {
    writeSync(3, "console.log by descriptor");
    return new Promise(() => {});
  },
  leavesProcessBehind: () => {
    spawn(process.execPath, ["-e", "setTimeout(() => {}, 3000)"], { stdio: "inherit" }).unref();
    process.exit(4);
  },
  never: () => new Promise(() => {}),
  endlessLoop: () => {
    for (;;) calls++;
  },

  // Waits until as many attempts are in the folder as are to come.
  meets: ({ folder, name, count }: { folder: string; name: string; count: number }) =>
    new Promise((resolve) => {
      const look = () => readdirSync(folder).length >= count && resolve("met");
      const watcher = watch(folder, look);
      watcher.unref();
      writeFileSync(join(folder, name), "");
      look();
    }),

  // Noise.
  prints: () => {
    console.log("to stdout\nsecond line");
    console.error("to stderr");
    process.stdout.write("no end of line é");
    process.send?.({ kind: "hello from a library" });
    process.send?.("text");
    return "printed";
  },
};
