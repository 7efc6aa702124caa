/** Functions that fail: one with an exception of its own, one with any error that a task can meet. */

/** An exception's class is the name of the error that the flow sees. */
class ErrorNeedsRetry extends Error {
  // On Lambda an error is called by its name, which a class does not set.
  override readonly name = "ErrorNeedsRetry";
}

/** What the server's client throws. */
class ServerException extends Error {
  override readonly name = "ServerException";
}

interface Context {
  readonly clientContext: { readonly custom: { readonly retryCount: number } };
}

interface Failures {
  /** So many attempts fail, then one succeeds. */
  readonly failures?: number;
}

export default {
  "fnf-demo/hello": ({ failures = 0 }: Failures, context: Context) => {
    try {
      return callServer(failures, context);
    } catch (error) {
      if (error instanceof ServerException) throw new ErrorNeedsRetry("custom error message");
      throw error;
    }
  },

  "fnf-demo/simulate": ({ error, failures = 0 }: Failures & { readonly error: string }, context: Context) => {
    if (context.clientContext.custom.retryCount >= failures) return { message: "hello" };
    switch (error) {
      case "FC.Unknown":
        return process.exit();
      case "FnF.TaskTimeout":
        // Longer than the task's timeoutSeconds. (A promise of nothing would not keep a Lambda function from ending.)
        return new Promise((resolve) => setTimeout(resolve, 3_000));
      default:
        throw Object.assign(new Error("simulated"), { name: error });
    }
  },
};

/** A server that is busy for the first `failures` attempts. */
function callServer(failures: number, { clientContext }: Context) {
  if (typeof failures !== "number") throw new TypeError("failures must be a number");
  if (clientContext.custom.retryCount < failures) throw new ServerException("busy");
  return { message: "hello" };
}
