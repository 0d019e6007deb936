/**
 * Puts a value last in a map and drops the first ones above `most`: what was used longest ago goes. For what is kept of
 * runs that may never come to an end.
 */
export function keepRecent<K, V>(map: Map<K, V>, key: K, value: V, most: number): V {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) break;
    map.delete(oldest);
  }
  return value;
}
