// What is to be expected of a figure, for the end of its chart: from where it is now to where it may be.
import type { AheadAt, AheadFigure } from './host/host';

export interface AheadLine {
  /** Now, then each moment to come. */
  at: { secs: number; low: number; middle: number; high: number }[];
  /** A place of it in words. */
  text: (range: { low: number; high: number }) => string;
  /** All of it in a sentence. */
  said: string;
}

/** The places: the first is the last figure there is; `null` where there is none, or nothing to come. */
export function aheadPlaces(
  last: { secs: number; value: number } | null,
  ahead: AheadAt[],
  of: (at: AheadAt) => AheadFigure | null,
): AheadLine['at'] | null {
  if (!last) return null;
  const { secs, value } = last;
  const places = ahead.flatMap((at) => {
    const figure = of(at);
    if (!figure) return [];
    const { low, middle, high } = figure;
    return [{ secs: secs + at.minutes * 60, low, middle, high }];
  });
  return places.length ? [{ secs, low: value, middle: value, high: value }, ...places] : null;
}
