/** A job that takes `delay` seconds: one function starts it, the other says how it stands. */
import { randomUUID } from "node:crypto";

/** The job began when this module was loaded, whatever its id: nothing else is remembered between calls. */
const startTime = seconds();

interface StatusRequest {
  readonly job_id: string;
  readonly delay?: number;
  readonly try_count?: number;
}

export default {
  "fnf-demo/StartJob": () => {
    const id = randomUUID();
    console.log(`Started job with ID ${id}`);
    return { job_id: id };
  },

  "fnf-demo/GetJobStatus": ({ job_id, delay = 60, try_count = 0 }: StatusRequest) => {
    const status = seconds() - startTime > delay ? "success" : "running";
    const count = try_count + 1;
    console.log(`Job ${job_id}, status ${status}, try_count ${count}`);
    return { job_id, job_status: status, try_count: count };
  },
};

/** Whole seconds since the epoch. */
function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
