// One beat a second for every timer of the window. What is drawn without a graphics processor is drawn with everything in
// the box around it, so the parts of the floor do not change in one frame: each has a moment of its own in a beat, and the
// figures of a part come with its timers.

const BEAT = 1000;
/** Later than this, the machine slept: no steps to catch up. */
const ASLEEP = 3000;
/**
 * How long after the beat a part of the floor is drawn, milliseconds: three frames apart, and nobody sees it. No more: after a
 * frame the web view's processes are woken for twenty more to come, and those of all parts are the same ones this way.
 */
const LATER = { agents: 50, head: 100, alerts: 150, states: 200 } as const;

export type Part = keyof typeof LATER;

export class Clock {
  /** The moment that everything goes by which has no moment of its own. */
  now = $state(Date.now());
  agents = $state(Date.now());
  head = $state(Date.now());
  alerts = $state(Date.now());
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #waiting = new Map<Part, (() => void)[]>();

  /** Beats; at once when it stood for longer than a beat. */
  start(): void {
    if (this.#timer) return;
    this.#timer = setInterval(() => this.#beat(), BEAT);
    if (Math.abs(Date.now() - this.now) >= BEAT) this.#beat();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Figures arrived: timers are drawn with them, not in a frame of their own. */
  withFigures(): void {
    if (!this.#timer || Date.now() - this.now < BEAT / 2) return;
    this.stop();
    this.start();
    this.#beat();
  }

  /** Does something when it is a part's turn, with whatever else waits for it; at once while the clock stands. */
  inTurn(part: Part, run: () => void): void {
    if (!this.#timer) return run();
    const waiting = this.#waiting.get(part);
    if (waiting) return void waiting.push(run);
    this.#waiting.set(part, [run]);
    setTimeout(() => {
      const due = this.#waiting.get(part) ?? [];
      this.#waiting.delete(part);
      for (const one of due) one();
    }, LATER[part]);
  }

  /** Whole seconds, so that no timer skips one because a beat came a little early or late. */
  #beat(): void {
    const late = Date.now() - this.now;
    const now = Math.abs(late) > ASLEEP ? Date.now() : this.now + Math.max(0, Math.round(late / BEAT)) * BEAT;
    this.now = now;
    for (const part of ['agents', 'head', 'alerts'] as const) this.inTurn(part, () => (this[part] = now));
  }
}

export const clockTick = new Clock();
