/** The names of the log's segments in a store's directory. */
export const LOG_NAMES = ["log-0", "log-1"] as const;

/** Whether a file of the directory is the log's. */
export function isLogFile(name: string): boolean {
  return LOG_NAMES.some((segment) => name.startsWith(segment));
}
