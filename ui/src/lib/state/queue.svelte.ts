// The list as a queue: what comes before and after the call in the player, and going on by itself once one was heard.
import type { Call } from '../host/host';
import type { CallsState } from './calls.svelte';

/** How long the next call is announced before it plays. */
export const PAUSE_SECS = 4;

export class QueueState {
  /** Only these calls, in the list's order; `null`: the whole list. */
  only = $state.raw<ReadonlySet<string> | null>(null);
  /** What plays next by itself, and in how many seconds. */
  next = $state.raw<Call | null>(null);
  due = $state(0);

  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly calls: CallsState,
    /** The call in the player. */
    private readonly current: () => Call | null,
    private readonly advances: () => boolean,
    private readonly play: (call: Call) => void,
  ) {}

  /** The calls that have a recording to expect, in the list's order. */
  order = $derived.by((): Call[] => {
    const only = this.only;
    return this.calls.rows.filter((call) => call.answered && (only === null || only.has(call.guid)));
  });

  /** Which of the chosen calls plays, from 1; `null` when the queue is the whole list. */
  turn = $derived.by(() => {
    if (this.only === null) return null;
    const at = this.order.findIndex((call) => call.guid === this.current()?.guid);
    return at < 0 ? null : { at: at + 1, of: this.order.length };
  });

  /** The call so many places further on from the one that plays, else from the one selected. */
  beside(by: number): Call | null {
    const here = this.current()?.guid ?? null;
    const rows = this.calls.rows;
    const at = rows.findIndex((call) => call.guid === here);
    const from = at >= 0 ? at : this.calls.index;
    const wanted = new Set(this.order.map((call) => call.guid));
    const step = by > 0 ? 1 : -1;
    for (let row = from + step; row >= 0 && row < rows.length; row += step) {
      const call = rows[row];
      if (call && wanted.has(call.guid)) return call;
    }
    return null;
  }

  /** Hears only these, from the first one on. */
  start(calls: Call[]): void {
    this.only = new Set(calls.map((call) => call.guid));
    const first = this.order[0];
    if (first) this.play(first);
    else this.only = null;
  }

  /** The whole list again. */
  leave(): void {
    this.only = null;
  }

  /** A call of the person's own choice: what was announced is off, and a queue it is not in as well. */
  chosen(call: Call): void {
    this.stop();
    if (this.only && !this.only.has(call.guid)) this.only = null;
  }

  /** The recording was heard to its end, or is not to be had: announces the next one, if that is wished. */
  ended(): void {
    this.stop();
    const next = this.advances() ? this.beside(1) : null;
    if (!next) return;
    this.next = next;
    this.due = PAUSE_SECS;
    this.#timer = setInterval(() => {
      this.due -= 1;
      if (this.due > 0) return;
      this.stop();
      this.play(next);
    }, 1000);
  }

  /** Nothing plays by itself now. */
  stop(): void {
    clearInterval(this.#timer);
    this.next = null;
    this.due = 0;
  }
}
