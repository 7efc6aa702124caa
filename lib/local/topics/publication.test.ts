import { expect, test } from "vitest";
import { publicationOf, publicationsOf } from "./publication.ts";

const BATCH = "PublishBatchRequestEntries.member.";

test("a batch is read in its order, each entry with what is its own", () => {
  const params = {
    Action: "PublishBatch",
    [`${BATCH}1.Id`]: "a",
    [`${BATCH}1.Message`]: "first",
    [`${BATCH}2.Id`]: "b",
    [`${BATCH}2.Message`]: "second",
    [`${BATCH}2.Subject`]: "s",
    [`${BATCH}2.MessageAttributes.entry.1.Name`]: "n",
    [`${BATCH}2.MessageAttributes.entry.1.Value.DataType`]: "Number",
    [`${BATCH}2.MessageAttributes.entry.1.Value.StringValue`]: "2",
  };
  const read = publicationsOf(params).map(({ subject, attributes, message }) => [message("http"), subject, attributes]);
  expect(read).toEqual([
    ["first", undefined, {}],
    ["second", "s", { n: { DataType: "Number", StringValue: "2" } }],
  ]);
});

test("an entry that was refused has no message id", () => {
  const params = {
    [`${BATCH}1.Id`]: "a",
    [`${BATCH}1.Message`]: "x",
    [`${BATCH}2.Id`]: "b",
    [`${BATCH}2.Message`]: "y",
  };
  const xml =
    "<Successful><member><Id>b</Id><MessageId>m-2</MessageId></member></Successful><Failed><member><Id>a</Id></member></Failed>";
  const ids = publicationsOf(params).map((publication) => ("problem" in publication ? "" : publication.messageId(xml)));
  expect(ids).toEqual([undefined, "m-2"]);
});

test.each(["no JSON", "[]", "null", '{"http":"a"}', '{"default":1}'])(
  "%s is no message for each protocol",
  (Message) => {
    expect(publicationOf({ Message, MessageStructure: "json" }, "")).toMatchObject({
      problem: "Invalid parameter: Message Structure - No default entry in JSON message body",
    });
  },
);
