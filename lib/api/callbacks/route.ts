/** The paths of callbacks: `/callbacks/<token>`, to look at a task, and `/callbacks/<token>/<verb>`, to report on it. */
export type Verb = "success" | "failure" | "heartbeat";

export interface CallbackRoute {
  /** As it was made; undefined when it can be no token: it is not the percent encoding of any text. */
  readonly token: string | undefined;
  /** Undefined: the task itself. `{ unknown }`: nothing that there is. */
  readonly verb: Verb | undefined | { readonly unknown: string };
}

const PATH = /^(?:https?:\/\/[^/?#]*)?\/callbacks\/([^/?#]+)(?:\/([^?#]*))?(?:[?#]|$)/i;

/**
 * The callback that a request target leads to; undefined for all other paths. The target may have scheme and host before it. Its
 * query says nothing: links in mails get parameters added on their way.
 */
export function callbackRoute(target: string): CallbackRoute | undefined {
  const path = PATH.exec(target);
  if (path === null) return undefined;
  const [, token = "", verb] = path;
  return { token: decoded(token), verb: verb === undefined || isVerb(verb) ? verb : { unknown: verb } };
}

function isVerb(word: string): word is Verb {
  return word === "success" || word === "failure" || word === "heartbeat";
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
