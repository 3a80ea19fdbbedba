// The waveform as columns of pixels, without a canvas: what is drawn can be tested.
import type { Part } from '../../lib/state/wave.svelte';

/** A column nothing is known of yet. */
export const UNKNOWN = -1;

/**
 * The loudest bar under each of `columns` columns that share the part between two seconds, 0 to 1; `UNKNOWN` where no bar
 * has arrived.
 */
export function columnsOf(
  bars: Uint8Array,
  count: number,
  perSecond: number,
  part: Part,
  columns: number,
): Float32Array {
  const out = new Float32Array(Math.max(0, columns)).fill(UNKNOWN);
  const [start, all] = [part.from * perSecond, (part.to - part.from) * perSecond];
  if (all <= 0) return out;
  for (let x = 0; x < columns; x += 1) {
    const from = Math.floor(start + (x / columns) * all);
    if (from >= count) break;
    const to = Math.min(count, Math.max(from + 1, Math.floor(start + ((x + 1) / columns) * all)));
    let most = 0;
    for (let bar = from; bar < to; bar += 1) most = Math.max(most, bars[bar] ?? 0);
    out[x] = most / 255;
  }
  return out;
}

/** A close look as columns; `UNKNOWN` where it shows nothing yet. */
export function closeColumns(found: number[], columns: number): Float32Array {
  const out = new Float32Array(columns).fill(UNKNOWN);
  for (let x = 0; x < Math.min(columns, found.length); x += 1) out[x] = (found[x] ?? 0) / 255;
  return out;
}

/** The second under a pixel. */
export function secsAt(x: number, width: number, part: Part): number {
  return width > 0 ? part.from + Math.min(1, Math.max(0, x / width)) * (part.to - part.from) : part.from;
}

/** Where a second lies, percent of the part; outside of it below 0 or above 100. */
export function percentAt(secs: number, part: Part): number {
  return part.to > part.from ? ((secs - part.from) / (part.to - part.from)) * 100 : 0;
}

/** Where the repeated stretch lies, percent of the part; without a width while only its beginning is marked. */
export function loopOf(
  from: number | null,
  to: number | null,
  part: Part,
): { left: number; width: number | null } | null {
  if (from === null || part.to <= part.from) return null;
  if (from > part.to || (to !== null && to < part.from)) return null;
  const inside = (at: number) => Math.min(100, Math.max(0, percentAt(at, part)));
  return { left: inside(from), width: to === null ? null : inside(to) - inside(from) };
}
