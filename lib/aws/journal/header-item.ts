/** A header as an item, with its places in the two indexes (architecture §7). */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { End, Header, Status } from "../../runtime/ports/journal.ts";
import { executionsShard, placeInTime, runningShard, timeOf } from "./index-keys.ts";
import { type Item, item, number, optionalNumber, optionalText, present, text } from "./item.ts";

/** The header's attributes; while it runs it stands in the index of running ones too. */
export function headerItem(header: Header, expiresAt: AttributeValue | undefined): Item {
  const { ref, startId, flow, revision, core, keyId, startedAt, deadline, parentToken, stopWithParent } = header;
  return {
    ...item({ flowId: ref.flowId, name: ref.name, startId, flow, revision, core, keyId, deadline }),
    ...item({ parentToken, stopWithParent, parked: header.parked, status: header.status, expiresAt }),
    ...(header.endedAt === undefined ? {} : endItem({ ...header, endedAt: header.endedAt })),
    ...item({
      listShard: executionsShard(ref.flowId, startId),
      runningShard: header.status === "Running" ? runningShard(startId) : undefined,
      startedAt: placeInTime(startedAt, startId),
    }),
  };
}

/** What an end writes. As JSON: a cause may be cut off within a character, which DynamoDB would refuse. */
export function endItem({ status, endedAt, error, cause }: Omit<End, "status"> & { readonly status: Status }): Item {
  const failure = error === undefined && cause === undefined ? undefined : JSON.stringify({ error, cause });
  return item({ status, endedAt, failure });
}

export function readHeaderItem(from: Item): Header {
  const failure = optionalText(from, "failure");
  return {
    ref: { flowId: text(from, "flowId"), name: text(from, "name") },
    startId: text(from, "startId"),
    flow: text(from, "flow"),
    revision: number(from, "revision"),
    core: number(from, "core"),
    keyId: text(from, "keyId"),
    status: text(from, "status") as Status,
    startedAt: timeOf(text(from, "startedAt")),
    deadline: number(from, "deadline"),
    ...present("parentToken", optionalText(from, "parentToken")),
    ...present("stopWithParent", from.stopWithParent?.BOOL),
    ...present("endedAt", optionalNumber(from, "endedAt")),
    ...(failure === undefined ? {} : (JSON.parse(failure) as Pick<Header, "error" | "cause">)),
    ...present("parked", from.parked?.BOOL),
  };
}
