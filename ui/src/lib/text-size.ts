// How large the window's text is, percent: what it can be, and which keys change it. Everything grows with it: rows, columns,
// fields. Kept within its limits where settings are kept.

export const TEXT_SIZES = [90, 100, 110, 120, 130, 140, 150] as const;
export const USUAL_SIZE = 100;

/** The next size up or down; the same at either end. */
export function nextSize(now: number, by: 1 | -1): number {
  const beyond = by > 0 ? TEXT_SIZES.find((one) => one > now) : TEXT_SIZES.findLast((one) => one < now);
  return beyond ?? now;
}

/** What a key asks for, wherever the focus is: larger, smaller, as usual; null: something else. Where `+` is typed with Shift
 *  its key is the one of `=`. */
export function sizeKey(
  event: Pick<KeyboardEvent, 'ctrlKey' | 'metaKey' | 'altKey' | 'key'>,
): 1 | -1 | 0 | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  if (event.key === '+' || event.key === '=') return 1;
  if (event.key === '-' || event.key === '_') return -1;
  return event.key === '0' ? 0 : null;
}
