/**
 * Which of the moments at which a process may die differ at all. Most do not, and pairs of crashes can only be tried
 * exhaustively when no pair is tried twice.
 *
 * A worker is its memory and what it did to the world: its calls that are not reads, and the deliveries that it took. Its
 * death loses the memory; what it did stays, and a call that was begun has its effect whether or not its caller lives.
 * So of two moments between which the worker did nothing to the world, the same is left behind. Nor does it matter what
 * others did in between, or how late it is: they know of a worker only what it did, and its successor, who is there from
 * the first moment on, finds nothing to take until the second, for what it would find the worker would have taken.
 *
 * Hence the calls of a worker that change something cut its life into windows, and of each window one moment is enough:
 * the last, which is the one before the next change. A worker makes calls in parallel, for several deliveries and for
 * one, so that a moment is only put into a window when it surely lies in it:
 *   - An answer comes at some time before the trace tells of it. When the worker changes something else meanwhile, death at
 *     the answer is a moment of its own.
 *   - A delivery that comes into a worker's hands is a change of its own, and so is the request for the next one that follows
 *     at once. The request is made when the trace tells of it; the delivery comes in the same instant of virtual time as its
 *     line of the trace, some calls before: where either may have happened, all moments of the window are kept.
 *
 * A caller of the API that dies asks again at once. When that is matters to what others do in the same instant, so that
 * all moments of a caller are kept.
 */
import type { Crash } from "./case.ts";
import { isRead, momentsOf, type Point } from "./points.ts";
import type { Dealing, Walk } from "./walk.ts";

/** A crash and all those that leave the same world, itself among them. */
export interface Class {
  readonly crash: Crash;
  readonly same: readonly Crash[];
}

/** What of a run tells crashes apart. */
export type Lived = Pick<Walk, "points" | "dealings" | "answered">;

/** The crashes at the points of a run, those together that leave the same world; in the order of their calls. */
export function crashClasses({ points, dealings, answered }: Lived): readonly Class[] {
  const lives = new Map<string, Point[]>();
  for (const point of points) {
    const life = lives.get(point.process);
    if (life === undefined) lives.set(point.process, [point]);
    else life.push(point);
  }
  const classes = [...lives].flatMap(([process, life]) => {
    if (!life[0]?.worker) return life.flatMap(momentsOf).map(alone);
    const own = dealings.filter((dealing) => dealing.process === process);
    return windowsOf(life, answered).flatMap((window) => classesIn(window, own));
  });
  return classes.sort((one, other) => one.crash.at - other.crash.at);
}

function alone(crash: Crash): Class {
  return { crash, same: [crash] };
}

/** What lies between two changes that a worker makes. */
interface Window {
  /** Number of the change before it; 0 for the first. */
  readonly begin: number;
  /** The change after it; undefined for the last. */
  readonly end: Point | undefined;
  /** In their order. */
  readonly crashes: readonly Crash[];
  /** Crashes at the answer to the change before it, where that may come after the end of the window. */
  readonly late: readonly Crash[];
}

function windowsOf(life: readonly Point[], answered: Walk["answered"]): readonly Window[] {
  const windows: Window[] = [];
  const changes = life.filter(({ name }) => !isRead(name));
  let begin = 0;
  let crashes: Crash[] = [];
  let late: readonly Crash[] = [];
  for (const point of life) {
    const moments = momentsOf(point);
    crashes.push(...moments.filter(({ when }) => when === "before"));
    if (isRead(point.name)) continue;
    windows.push({ begin, end: point, crashes, late });
    begin = point.at;
    const next = changes[windows.length];
    const overtaken = next !== undefined && (answered.get(point.at) ?? Number.POSITIVE_INFINITY) >= next.at;
    crashes = moments.filter(({ when }) => when === "during" || (when === "after" && !overtaken));
    late = overtaken ? moments.filter(({ when }) => when === "after") : [];
  }
  return [...windows, { begin, end: undefined, crashes, late }];
}

function classesIn({ begin, end, crashes, late }: Window, dealings: readonly Dealing[]): readonly Class[] {
  const dealt = dealings.some(({ calls, time }) => calls >= begin && (end === undefined || time <= end.time));
  const crash = crashes.at(-1);
  const classes = dealt || crash === undefined ? crashes.map(alone) : [{ crash, same: crashes }];
  return [...late.map(alone), ...classes];
}
