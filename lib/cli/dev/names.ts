/** Executions in lines of progress: generated names are long, and their beginning tells them apart. */

const GENERATED = /^([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** For example `order/8c2f1a3b` for a generated name, `order/friday` for a given one. */
export function shortName(flow: string, execution: string): string {
  return `${flow}/${GENERATED.exec(execution)?.[1] ?? execution}`;
}

/** The time of day, for example `12:34:56.789`. */
export function timeOfDay(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, "0");
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return `${time}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
