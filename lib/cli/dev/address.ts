/** Where `stepwell dev` listens: on this machine only, and on a port that is free. */
import { isIPv4 } from "node:net";
import { StepwellError } from "../../fdl/errors.ts";
import { UsageError } from "../usage.ts";

/** Throws UsageError for an address that other machines could reach. */
export function checkHost(host: string): void {
  if (host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."))) return;
  throw new UsageError(
    `--host ${host}: only addresses of this machine itself (127.0.0.1, ::1, localhost) can be given: there is no authentication yet, and whoever reached the port could run your functions`,
  );
}

/** What to tell of a port that cannot be listened on: with the option that names another. Any other error stays as it is. */
export function portProblem(error: unknown, host: string, port: number, option: string): unknown {
  if (!(error instanceof StepwellError)) return error;
  switch (error.code) {
    case "AddressInUse":
      return new UsageError(
        `port ${port} of ${host} is in use: end the program that listens there, or give another port by ${option} N (0: any free one)`,
      );
    case "CannotListen":
      return new UsageError(`${error.message}; give another port by ${option} N (0: any free one), or another --host`);
    default:
      return error;
  }
}
