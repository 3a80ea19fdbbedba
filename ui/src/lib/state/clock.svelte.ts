// One beat a second for every timer of the window, in step with the figures: what changes is drawn once.

const BEAT = 1000;
/** Later than this, the machine slept: no steps to catch up. */
const ASLEEP = 3000;

export class Clock {
  now = $state(Date.now());
  #timer: ReturnType<typeof setInterval> | undefined;

  start(): void {
    this.#timer ??= setInterval(() => this.#beat(), BEAT);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Figures arrived: timers are drawn with them, not in a frame of their own. */
  withFigures(): void {
    if (!this.#timer || Date.now() - this.now < BEAT / 2) return;
    this.stop();
    this.#beat();
    this.start();
  }

  /** Whole seconds, so that no timer skips one because a beat came a little early or late. */
  #beat(): void {
    const late = Date.now() - this.now;
    this.now = Math.abs(late) > ASLEEP ? Date.now() : this.now + Math.max(0, Math.round(late / BEAT)) * BEAT;
  }
}

export const clockTick = new Clock();
