/** Whether a caller wants a page: browsers ask for text/html, programs for JSON or for nothing in particular. */
export function wantsPage(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const html = weightOf(accept, "text/html");
  return html > 0 && html >= weightOf(accept, "application/json");
}

/** What a list of media types gives one that it names; 0 when it does not: a wildcard is what programs send. */
function weightOf(accept: string, type: string): number {
  let best = 0;
  for (const range of accept.toLowerCase().split(",")) {
    const [name = "", ...parameters] = range.split(";").map((part) => part.trim());
    if (name !== type) continue;
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    const value = weight === undefined ? 1 : Number(weight.slice(2));
    if (value <= 1) best = Math.max(best, value);
  }
  return best;
}
