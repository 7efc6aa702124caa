export default { "bench/hello": () => ({ hello: "world" }) };
