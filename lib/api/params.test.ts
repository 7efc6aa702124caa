import fc from "fast-check";
import { expect, it } from "vitest";
import { type ApiRequest, readParams } from "./params.ts";

const FORM = "application/x-www-form-urlencoded";

function read(request: Partial<ApiRequest>) {
  return readParams({ method: "POST", target: "/", headers: {}, body: "", ...request });
}

function refused(request: Partial<ApiRequest>) {
  try {
    read(request);
  } catch (error) {
    return error;
  }
  throw new Error("was not refused");
}

it("reads the query and the form body together, and the body wins", () => {
  const params = read({ target: "/?A=1&B=query", body: "B=body&C=3" });
  expect([...params]).toEqual([
    ["A", "1"],
    ["B", "body"],
    ["C", "3"],
  ]);
});

it.each([
  ["plus", "A=a+b", "a b"],
  ["percent", "A=a%20b", "a b"],
  ["an encoded plus", "A=a%2Bb", "a+b"],
  ["an equals sign in the value", "A=a=b=", "a=b="],
  ["UTF-8", "A=%C3%A9%E4%B8%AD", "é中"],
  ["lower-case hex", "A=%c3%a9", "é"],
  ["an encoded ampersand", "A=a%26B%3Db", "a&B=b"],
  ["no equals sign", "A", ""],
  ["nothing", "A=", ""],
  ["empty pairs around it", "&&A=x&", "x"],
])("decodes %s", (_what, pairs, value) => {
  expect([...read({ target: `/?${pairs}` })]).toEqual([["A", value]]);
  expect([...read({ body: pairs, headers: { "content-type": FORM } })]).toEqual([["A", value]]);
});

it.each(["/?A=1", "/?A=1", "?A=1", "http://cn-hangzhou.fnf.aliyuncs.com/?A=1", "https://h:8080?A=1", "HTTP://h/?A=1"])(
  "takes the target %s",
  (target) => {
    expect(read({ target }).get("A")).toBe("1");
  },
);

it.each(["/", "", "http://h", "http://h/"])("takes the target %j without a query", (target) => {
  expect(read({ target }).size).toBe(0);
});

it.each(["/flows?A=1", "//?A=1", "http://h/x?A=1", "*", "h:80", "ftp://h/?A=1", "/#?A=1"])(
  "refuses the target %s",
  (target) => {
    expect(refused({ target })).toMatchObject({ code: "ActionNotSupported" });
  },
);

it.each(["PUT", "DELETE", "HEAD", "OPTIONS", "get", "__proto__"])("refuses the method %s", (method) => {
  expect(refused({ method })).toMatchObject({ code: "ActionNotSupported" });
});

it.each(["GET", "POST"])("takes the method %s", (method) => {
  expect(read({ method, target: "/?A=1" }).get("A")).toBe("1");
});

it.each([
  ["%", "a lone percent sign"],
  ["%4", "half an escape"],
  ["%zz", "no hex"],
  ["%FF", "a byte that is no UTF-8"],
  ["%C3", "half a character"],
  ["%ED%A0%80", "an encoded surrogate"],
  ["%C0%AF", "an overlong form"],
])("refuses %s: %s", (bad) => {
  expect(refused({ target: `/?A=${bad}` })).toMatchObject({ code: "InvalidArgument" });
  expect(refused({ target: `/?${bad}=1` })).toMatchObject({ code: "InvalidArgument" });
  expect(refused({ body: `A=${bad}` })).toMatchObject({ code: "InvalidArgument" });
});

it("refuses a name that is given twice in one place, however it is written", () => {
  expect(refused({ target: "/?A=1&A=1" })).toMatchObject({
    code: "InvalidArgument",
    message: '"A" is given more than once in the query.',
  });
  expect(refused({ body: "FlowName=x&Flow%4Eame=y" })).toMatchObject({ code: "InvalidArgument" });
  expect(refused({ body: "__proto__=x&__proto__=y" })).toMatchObject({ code: "InvalidArgument" });
});

it("takes names such as __proto__ for names", () => {
  const params = read({ target: "/?__proto__=1&constructor=2&toString=3" });
  expect([...params.keys()]).toEqual(["__proto__", "constructor", "toString"]);
  expect(params.get("hasOwnProperty")).toBeUndefined();
});

it("refuses raw characters that a query cannot have", () => {
  expect(refused({ target: "/?A=é" })).toMatchObject({ code: "InvalidArgument" });
  expect(refused({ target: "/?A=\u0000" })).toMatchObject({ code: "InvalidArgument" });
});

it("refuses a body that is no Unicode text", () => {
  expect(refused({ body: "A=\ud800" })).toMatchObject({ code: "InvalidArgument" });
});

it("refuses more parameters than any request has", () => {
  const many = Array.from({ length: 101 }, (_, i) => `p${i}=`).join("&");
  expect(refused({ body: many })).toMatchObject({ code: "InvalidArgument" });
  expect(read({ body: many.slice(0, many.lastIndexOf("&")) }).size).toBe(100);
});

it.each([FORM, "application/x-www-form-urlencoded; charset=UTF-8", "Application/X-WWW-Form-Urlencoded ;x=y"])(
  "reads a body of type %s",
  (type) => {
    expect(read({ body: "A=1", headers: { "content-type": type } }).get("A")).toBe("1");
  },
);

it.each(["application/json", "text/plain", "multipart/form-data; boundary=x", ""])(
  "refuses a body of type %j",
  (type) => {
    expect(refused({ body: "A=1", headers: { "content-type": type } })).toMatchObject({ code: "UnsupportedMediaType" });
  },
);

it("refuses a compressed body", () => {
  expect(refused({ body: "A=1", headers: { "content-encoding": "gzip" } })).toMatchObject({
    code: "UnsupportedMediaType",
  });
  expect(read({ body: "A=1", headers: { "content-encoding": "identity" } }).size).toBe(1);
});

it("reads back whatever a client encodes, in either style", () => {
  const word = fc.string({ unit: "binary" }).map((text) => text.toWellFormed());
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(word, word), { selector: ([name]) => name, maxLength: 20 }), (pairs) => {
      const plus = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString();
      const percent = pairs
        .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
        .join("&");
      expect([...read({ target: `/?${plus}` })]).toEqual(pairs);
      expect([...read({ body: percent })]).toEqual(pairs);
    }),
  );
});
