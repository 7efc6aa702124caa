/**
 * What DynamoDB itself refuses and an emulator may let pass, looked for in each request of a test: placeholders and
 * expressions that do not belong together, keys, numbers and texts that it does not take.
 */

export interface RequestBody {
  readonly [parameter: string]: unknown;
}

/** Throws when DynamoDB would refuse the request whatever its table holds. */
export function mustBeAccepted(body: RequestBody): void {
  const expressions = Object.entries(body)
    .filter(([parameter]) => parameter.endsWith("Expression"))
    .map(([, text]) => String(text));
  if (expressions.some((text) => text.trim() === "")) throw refusal("an empty expression", body);
  const used = new Set(expressions.join(" ").match(/[#:]\w+/g));
  const given = new Set([...keysOf(body.ExpressionAttributeNames), ...keysOf(body.ExpressionAttributeValues)]);
  const odd = [...used].filter((one) => !given.has(one)).concat([...given].filter((one) => !used.has(one)));
  if (odd.length > 0) throw refusal(`${odd} is given or used alone`, body);
  for (const parameter of ["ExpressionAttributeNames", "ExpressionAttributeValues"]) {
    if (body[parameter] !== undefined && keysOf(body[parameter]).length === 0) throw refusal("no placeholders", body);
  }
  if (typeof body.Limit === "number" && body.Limit < 1) throw refusal("a limit below 1", body);
  check(body, body);
}

const LONGEST_KEYS: { readonly [name: string]: number } = {
  pk: 2048,
  sk: 1024,
  listShard: 2048,
  runningShard: 2048,
  startedAt: 1024,
};
const NUMBER = /^-?\d+(\.\d+)?$/;

function check(value: unknown, body: RequestBody): void {
  if (typeof value === "string" && !value.isWellFormed()) throw refusal("half a character", body);
  if (typeof value !== "object" || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    const longest = LONGEST_KEYS[name];
    const text = longest === undefined ? undefined : textOf(part);
    if (longest !== undefined && text !== undefined && (text === "" || Buffer.byteLength(text) > longest)) {
      throw refusal(`${name} of ${Buffer.byteLength(text)} bytes`, body);
    }
    if (name === "N" && !NUMBER.test(String(part))) throw refusal(`number ${String(part)}`, body);
    if (name === "NS" && (!Array.isArray(part) || part.length === 0)) throw refusal("an empty set", body);
    check(part, body);
  }
}

function textOf(part: unknown): string | undefined {
  return typeof part === "object" && part !== null && "S" in part ? String(part.S) : undefined;
}

function keysOf(value: unknown): readonly string[] {
  return Object.keys(value ?? {});
}

function refusal(what: string, body: RequestBody): Error {
  return new Error(`DynamoDB would refuse this request, it has ${what}: ${JSON.stringify(body).slice(0, 1000)}`);
}
