/** Going through everything that may happen: an evaluation asks at each fork which way it goes, and is run once for every way. */

/** How many ways there are; answers the number of the one to take. Way 0 is what happens when nothing disturbs it. */
export type Choose = (ways: number) => number;

/** There are more possibilities than anybody wants to go through: whether an end is right is left undecided. */
export class Undecided extends Error {
  override readonly name = "Undecided";
}

/**
 * What `evaluate` comes to in every sequence of choices, each once: first where all are undisturbed, then those with one
 * deviation, with two, and so on. Evaluates only as far as it is asked.
 *
 * @throws {Undecided} when it is asked for more than `limit` evaluations
 */
export function* everyWay<T>(evaluate: (choose: Choose) => T, limit: number): Generator<T> {
  // Each list of picks stands for the run that takes them and goes undisturbed from then on; grows while it is gone through.
  const waiting: (readonly number[])[] = [[]];
  let evaluated = 0;
  for (const picks of waiting) {
    if (evaluated++ === limit) throw new Undecided(`There are more than ${limit} sequences of choices.`);
    const taken: number[] = [];
    const ways: number[] = [];
    const value = evaluate((count) => {
      const pick = picks[taken.length] ?? 0;
      taken.push(pick);
      ways.push(count);
      return pick;
    });
    yield value;
    for (let at = picks.length; at < taken.length && waiting.length <= limit; at++) {
      for (let other = 1; other < (ways[at] ?? 0); other++) waiting.push([...taken.slice(0, at), other]);
    }
  }
}
