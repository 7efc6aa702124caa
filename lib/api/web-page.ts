/**
 * Requests are not signed, so whoever reaches the port may do anything; on a laptop every web page that is open in a browser
 * reaches it. Browsers say where a request comes from, and what name they believe the server to have: a page that is not
 * this server's is refused, also one that had its own name resolve to this machine.
 */
import { StepwellError } from "../fdl/errors.ts";
import type { ApiRequest } from "./params.ts";

/**
 * Names that no stranger can have: addresses, names of this machine or network, and the service's own, which clients use
 * that come through a proxy setting.
 */
const TRUSTED =
  /^(?:[^.]*|(?:.*\.)?(?:localhost|local|internal|lan|test)|\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\]|.+\.aliyuncs\.com)(?::\d+)?$/i;

/** Throws StepwellError `AccessDenied` for a request that a foreign web page made. */
export function refuseWebPages({ host, origin, "sec-fetch-site": site }: ApiRequest["headers"]): void {
  if (host !== undefined && !TRUSTED.test(host)) {
    throw denied(`under the name ${JSON.stringify(host.slice(0, 80))}; use its address, or localhost`);
  }
  const foreign = site !== undefined && site !== "same-origin" && site !== "none";
  if (foreign || (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`)) {
    throw denied("from a web page of somebody else");
  }
}

function denied(how: string): StepwellError {
  return new StepwellError("AccessDenied", `This server cannot be used ${how}: its requests are not signed.`);
}
