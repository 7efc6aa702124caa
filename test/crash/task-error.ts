/** An error that a task function throws: its name is the error's name. */
export class TaskError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
    // The stack goes into the error's cause, and is not the same wherever the function was called from.
    this.stack = `${name}: ${message}`;
  }
}
