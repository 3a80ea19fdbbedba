// Where a chart draws its lines: at figures people count in, and durations at whole minutes and halves of them.

/** Of seconds, for durations and for times of day. */
export const CLOCK_STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200, 86_400,
];
/** Of things and people: never a half of one. */
export const WHOLE_STEPS = [
  1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000,
];

/** Where lines of times are, every so many seconds of the clock that is read: from the first to the last moment shown, both
 *  epoch seconds, by a clock that far ahead of UTC, seconds. Whole hours there are seldom whole hours here. */
export function clockLines(first: number, last: number, step: number, ahead: number): number[] {
  const begin = Math.ceil((first + ahead) / step) * step - ahead;
  const lines: number[] = [];
  for (let at = begin; at <= last; at += step) lines.push(at);
  return lines;
}

/** The place whose moment is nearest to this one, of places in order; -1 where there is none. */
export function nearest(xs: readonly number[], at: number): number {
  let best = -1;
  for (const [place, x] of xs.entries()) {
    if (best < 0 || Math.abs(x - at) < Math.abs((xs[best] ?? 0) - at)) best = place;
  }
  return best;
}
