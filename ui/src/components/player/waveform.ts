// The waveform as columns of pixels, without a canvas: what is drawn can be tested.

/** A column nothing is known of yet. */
export const UNKNOWN = -1;

/**
 * The loudest bar under each of `columns` columns that share `secs` seconds, 0 to 1; `UNKNOWN` where no bar has arrived.
 */
export function columnsOf(
  bars: Uint8Array,
  count: number,
  perSecond: number,
  secs: number,
  columns: number,
): Float32Array {
  const out = new Float32Array(Math.max(0, columns)).fill(UNKNOWN);
  const all = secs * perSecond;
  if (all <= 0) return out;
  for (let x = 0; x < columns; x += 1) {
    const from = Math.floor((x / columns) * all);
    if (from >= count) break;
    const to = Math.min(count, Math.max(from + 1, Math.floor(((x + 1) / columns) * all)));
    let most = 0;
    for (let bar = from; bar < to; bar += 1) most = Math.max(most, bars[bar] ?? 0);
    out[x] = most / 255;
  }
  return out;
}

/** Seconds under a pixel. */
export function secsAt(x: number, width: number, secs: number): number {
  return width > 0 ? Math.min(1, Math.max(0, x / width)) * secs : 0;
}

/** Where the repeated stretch lies, percent of the whole; without a width while only its beginning is marked. */
export function loopOf(
  from: number | null,
  to: number | null,
  secs: number,
): { left: number; width: number | null } | null {
  if (from === null || secs <= 0) return null;
  const part = (at: number) => Math.min(1, Math.max(0, at / secs)) * 100;
  return { left: part(from), width: to === null ? null : part(to) - part(from) };
}
