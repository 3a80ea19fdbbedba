// Where a call that is heard was taken from, and so what comes before and after it: the list of calls, calls picked
// together, the worklist being judged, or nothing at all.
import type { Call } from '../host/host';

export interface Source {
  readonly kind: 'calls' | 'picked' | 'worklist' | 'single';
  /** The call after (1) or before (-1) another, else beside where the person stands; `null` when there is none. */
  beside(call: Call | null, by: 1 | -1): Promise<Call | null>;
  /** This call is heard from now on, in the place of `before`: what shows the source may follow. */
  show(call: Call, before: Call | null): void;
}

/** Calls picked together, in the order they were picked in. */
export interface Picked extends Source {
  readonly kind: 'picked';
  readonly calls: readonly Call[];
}

/** A call of its own: nothing before it or after. */
export const single: Source = {
  kind: 'single',
  beside: () => Promise.resolve(null),
  show: () => undefined,
};

/** These calls and no others; what they were picked from shows which one is heard. */
export const picked = (calls: readonly Call[], from: Source): Picked => ({
  kind: 'picked',
  calls,
  beside: (call, by) => {
    const at = calls.findIndex((one) => one.guid === call?.guid);
    return Promise.resolve(at < 0 ? null : (calls[at + by] ?? null));
  },
  show: (call, before) => from.show(call, before),
});

export const isPicked = (source: Source): source is Picked => source.kind === 'picked';
