/**
 * A flow as boxes and arrows, whatever draws them. Ids are counted in the order of the definition, so a definition always
 * gives the same diagram and no name of the user's ever becomes an id.
 */

import type { Flow, Step } from "../../fdl/definition.ts";
import { listsIn } from "../../fdl/nested-lists.ts";
import { stepText } from "./step-text.ts";

/** start, end: of the flow. split, join: where branches or iterations begin and come together. */
export type Shape = "start" | "end" | "task" | "pass" | "wait" | "choice" | "split" | "join" | "succeed" | "fail";

export interface Box {
  readonly kind: "box";
  readonly id: string;
  readonly shape: Shape;
  /** Lines of text; the first is the step's name. */
  readonly lines: readonly string[];
}

interface Group {
  readonly kind: "group";
  readonly id: string;
  readonly title: string;
  readonly items: readonly Item[];
}

export type Item = Box | Group;

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  /** Taken after an error. */
  readonly caught: boolean;
}

export interface Diagram {
  readonly items: readonly Item[];
  readonly arrows: readonly Arrow[];
}

/** Draws a flow. */
export function diagramOf(flow: Flow): Diagram {
  const ids = new Map<Step, string>();
  number(flow.steps, ids);
  const arrows: Arrow[] = [];
  const draw = drawer(ids, arrows);
  arrows.push({ from: "start", to: draw.first(flow.steps) ?? "finish", caught: false });
  const items = draw.list(flow.steps, "finish");
  return {
    items: [
      { kind: "box", id: "start", shape: "start", lines: ["start"] },
      ...items,
      { kind: "box", id: "finish", shape: "end", lines: ["end"] },
    ],
    arrows,
  };
}

function number(steps: readonly Step[], ids: Map<Step, string>): void {
  for (const step of steps) {
    ids.set(step, `s${ids.size + 1}`);
    for (const list of listsIn(step)) number(list, ids);
  }
}

interface Drawer {
  /** The id of a list's first step. */
  first(steps: readonly Step[]): string | undefined;
  /** Boxes of a list; its arrows, of which those out of the list go to `exit`. */
  list(steps: readonly Step[], exit: string): readonly Item[];
}

function drawer(ids: ReadonlyMap<Step, string>, arrows: Arrow[]): Drawer {
  const idOf = (step: Step | undefined) => (step === undefined ? undefined : ids.get(step));
  const arrow = (from: string, to: string, label?: string) =>
    void arrows.push({ from, to, ...(label === undefined ? {} : { label }), caught: false });

  function first(steps: readonly Step[]): string | undefined {
    return idOf(steps[0]);
  }

  function list(steps: readonly Step[], exit: string): readonly Item[] {
    const sibling = (name: string) => idOf(steps.find((step) => step.name === name)) ?? exit;
    return steps.flatMap((step, index) => {
      const id = ids.get(step) ?? "";
      const after = ("end" in step && step.end) || step.type === "succeed" ? exit : (idOf(steps[index + 1]) ?? exit);
      const items = draw(step, id, after, sibling);
      if ("catch" in step) {
        for (const { errors, goto } of step.catch) {
          arrows.push({ from: id, to: sibling(goto), label: errors.join(", "), caught: true });
        }
      }
      return items;
    });
  }

  function draw(step: Step, id: string, after: string, sibling: (name: string) => string): readonly Item[] {
    const box = (shape: Shape): Box => ({ kind: "box", id, shape, lines: stepText(step) });
    switch (step.type) {
      case "task":
      case "pass":
      case "wait":
      case "succeed":
        arrow(id, after);
        return [box(step.type)];
      case "fail":
        return [box("fail")];
      case "choice": {
        const ways = step.choices.map(({ conditionText, ...way }) => ({ ...way, label: conditionText }));
        const otherwise = step.default ? { ...step.default, label: "default" } : { steps: [], label: "otherwise" };
        const items = [...ways, otherwise].flatMap(({ steps, goto, label }: Way) => {
          const then = goto === undefined ? after : sibling(goto);
          arrow(id, first(steps) ?? then, label);
          return list(steps, then);
        });
        return [box("choice"), ...items];
      }
      case "parallel":
        return [
          split(
            step,
            id,
            after,
            step.branches.map(
              (branch, index): Part => ({ id: `${id}b${index + 1}`, title: `branch ${index}`, steps: branch.steps }),
            ),
          ),
        ];
      case "foreach":
        return [split(step, id, after, [{ id: `${id}i`, title: "each item", steps: step.steps }])];
      default:
        return step satisfies never;
    }
  }

  /** A step whose insides run in strands of their own: they leave its box and come together in another. */
  function split(step: Step, id: string, after: string, parts: readonly Part[]): Group {
    const join = `${id}j`;
    const groups = parts.map((part): Group => {
      arrow(id, first(part.steps) ?? join);
      return { kind: "group", id: part.id, title: part.title, items: list(part.steps, join) };
    });
    if (parts.length === 0) arrow(id, join);
    arrow(join, after);
    return {
      kind: "group",
      id: `${id}g`,
      title: step.name,
      items: [
        { kind: "box", id, shape: "split", lines: stepText(step) },
        ...groups.filter((group) => group.items.length > 0),
        { kind: "box", id: join, shape: "join", lines: ["join"] },
      ],
    };
  }

  return { first, list };
}

interface Way {
  readonly steps: readonly Step[];
  readonly goto?: string;
  readonly label: string;
}

interface Part {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly Step[];
}
