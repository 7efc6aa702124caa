/** Maps of maps: the inner one comes into being with the first thing written to it. */

/** The value of `key`; a missing one is made and kept. */
export function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const fresh = make();
  map.set(key, fresh);
  return fresh;
}
