/** One function in two versions: version 1 is published, and the alias `online` stands for it; the newest is unfinished. */
const version1 = () => {
  console.log("Started function test");
  return { success: true };
};

const newest = () => ({ success: false });

export default {
  "fnf-demo.1/provision": version1,
  "fnf-demo.online/provision": version1,
  "fnf-demo/provision": newest,
};
