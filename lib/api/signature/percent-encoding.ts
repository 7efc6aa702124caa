/** How both signature schemes write parameters, whatever their client wrote: sorted, and encoded in one way only. */

/** What `encodeURIComponent` leaves as it is although RFC 3986 reserves it. */
const RESERVED = /[!'()*]/g;

/** Text as RFC 3986 encodes its UTF-8: all but letters, digits and `-_.~`, in upper-case hex. Throws URIError at a lone surrogate. */
function percentEncode(text: string): string {
  const encoded = encodeURIComponent(text);
  return encoded.replace(RESERVED, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The parameters but `without`, by name (api.md §2.1, steps 1 and 2; §2.2): `A=1&B=`. Throws URIError at a lone surrogate. */
export function canonicalParams(params: ReadonlyMap<string, string>, without?: string): string {
  let text = "";
  for (const name of [...params.keys()].sort()) {
    if (name === without) continue;
    if (text !== "") text += "&";
    text += `${percentEncode(name)}=${percentEncode(params.get(name) ?? "")}`;
  }
  return text;
}
