// The list as a queue: what comes before and after the call in the player, and going on by itself once one was heard.
import type { Call } from '../host/host';
import type { CallsState } from './calls.svelte';

/** How long the next call is announced before it plays. */
export const PAUSE_SECS = 4;

export class QueueState {
  /** Only these calls, in this order; `null`: the whole list. */
  only = $state.raw<readonly Call[] | null>(null);
  /** What plays next by itself, and in how many seconds. */
  next = $state.raw<Call | null>(null);
  due = $state(0);

  #timer: ReturnType<typeof setInterval> | undefined;
  #turn = 0;

  constructor(
    private readonly calls: CallsState,
    /** The call in the player. */
    private readonly current: () => Call | null,
    private readonly advances: () => boolean,
    private readonly play: (call: Call) => void,
  ) {}

  /** Which of the chosen calls plays, from 1; `null` when the queue is the whole list. */
  turn = $derived.by(() => {
    if (this.only === null) return null;
    const at = this.only.findIndex((call) => call.guid === this.current()?.guid);
    return at < 0 ? null : { at: at + 1, of: this.only.length };
  });

  /**
   * The call with a recording to expect so many places further on from the one that plays, else from the one selected.
   * Calls nobody answered are passed over.
   */
  async beside(by: number): Promise<Call | null> {
    const here = this.current()?.guid ?? null;
    const step = by > 0 ? 1 : -1;
    if (this.only) {
      const at = this.only.findIndex((call) => call.guid === here);
      return at < 0 ? null : (this.only[at + step] ?? null);
    }
    const { list } = this.calls;
    let place = here === null ? null : await list.place(here);
    place ??= list.index;
    for (let row = place + step; row >= 0 && row < list.shown; row += step) {
      const call = (await list.at(row))?.call;
      if (!call) return null;
      if (call.answered) return call;
    }
    return null;
  }

  /** Hears only these, from the first one on. */
  start(calls: readonly Call[]): void {
    const heard = calls.filter((call) => call.answered);
    const first = heard[0];
    this.only = first ? heard : null;
    if (first) this.play(first);
  }

  /** The whole list again. */
  leave(): void {
    this.only = null;
  }

  /** A call of the person's own choice: what was announced is off, and a queue it is not in as well. */
  chosen(call: Call): void {
    this.stop();
    if (this.only && !this.only.some((one) => one.guid === call.guid)) this.only = null;
  }

  /** The recording was heard to its end, or is not to be had: announces the next one, if that is wished. */
  async ended(): Promise<void> {
    this.stop();
    const turn = this.#turn;
    const next = this.advances() ? await this.beside(1) : null;
    // Meanwhile somebody chose a call, or none.
    if (!next || turn !== this.#turn) return;
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
    this.#turn += 1;
    clearInterval(this.#timer);
    this.next = null;
    this.due = 0;
  }
}
