/** Which ends of a run are right: the one of the undisturbed run, but for what the disturbance itself may change. */
import type { Case, Disturbance } from "./case.ts";
import type { Interference } from "./meanwhile.ts";
import { STOP } from "./meanwhile.ts";
import type { Ended, Outcome } from "./outcome.ts";
import type { Ran } from "./run-case.ts";
import { type End, EXECUTION, type Scenario } from "./scenario.ts";
import { compareShapes } from "./shape.ts";

/** What is wrong with a run, given the undisturbed one. */
export function judge(
  scenario: Scenario,
  usual: Outcome | undefined,
  { disturbances }: Case,
  ran: Ran,
): readonly string[] {
  const wrong = [...ran.wrong];
  const root = ran.outcome.get(`${scenario.name}/${EXECUTION}`);
  if (root === undefined) return [...wrong, "there is no execution"];
  const ends = endsAfter(scenario, ran.interference);
  if (ends.special.some((end) => isEnd(root, end))) return wrong;
  if (!ends.regular)
    return [...wrong, `it ended ${root.text}; right is ${ends.special.map((end) => JSON.stringify(end)).join(" or ")}`];
  if (disturbances.length > 0 && scenario.otherEnds?.some((end) => isEnd(root, end))) return wrong;
  if (usual === undefined) return isEnd(root, scenario.end) ? wrong : [...wrong, `it ended ${root.text}`];
  return [...wrong, ...compare(usual, ran.outcome, disturbances)];
}

/** The ends that the interference makes right, and whether the regular one still is. */
function endsAfter(
  scenario: Scenario,
  { kind, answer, repeated = false }: Interference,
): { readonly special: readonly End[]; readonly regular: boolean } {
  const done = answer === "ok" || repeated;
  switch (kind) {
    case "stop":
      return done
        ? { special: [{ status: "Stopped", error: STOP.error }], regular: repeated }
        : { special: [], regular: true };
    case "stop-child":
      return done && scenario.childStopped
        ? { special: [scenario.childStopped], regular: repeated }
        : { special: [], regular: true };
    case "report":
      return done && scenario.reported
        ? { special: [scenario.reported], regular: repeated || (scenario.voidReports ?? false) }
        : { special: [], regular: true };
    case "rival":
      return { special: scenario.rival ? [scenario.rival] : [], regular: true };
    default:
      return { special: [], regular: true };
  }
}

function isEnd({ header, output }: Ended, end: End): boolean {
  if (header.status !== end.status || (header.error ?? "") !== (end.error ?? "")) return false;
  // An execution that was stopped at the last moment may have stored an output, which nobody is shown.
  return end.status !== "Succeeded" || JSON.stringify(output) === JSON.stringify(end.output);
}

/** Every execution ended as in the undisturbed run, and each of its branches did the same. */
function compare(usual: Outcome, seen: Outcome, disturbances: readonly Disturbance[]): readonly string[] {
  const wrong: string[] = [];
  for (const name of new Set([...usual.keys(), ...seen.keys()])) {
    const [one, other] = [usual.get(name), seen.get(name)];
    // Its branch was dead before the lost message was sent again: then it is not started at all.
    const isLost = disturbances.some(({ kind }) => kind === "lose");
    if (other === undefined && one !== undefined && isLost && isStoppedChild(name, one, disturbances)) continue;
    if (one === undefined || other === undefined) {
      wrong.push(`execution ${name} is ${one === undefined ? "new" : "missing"}`);
      continue;
    }
    if (one.text !== other.text) wrong.push(`${name} ended ${other.text}; undisturbed: ${one.text}`);
    const difference = compareShapes(one.shape, other.shape);
    if (difference !== undefined && !isStoppedChild(name, one, disturbances))
      wrong.push(`history of ${name}: ${difference}`);
  }
  return wrong;
}

/** A child that its parent's end cut off may have come further, or less far. */
function isStoppedChild(name: string, { header }: Ended, disturbances: readonly Disturbance[]): boolean {
  return disturbances.length > 0 && !name.endsWith(`/${EXECUTION}`) && header.status === "Stopped";
}
