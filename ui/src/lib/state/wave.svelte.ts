// The waveform as the window sees it: bars as they arrive, silences, and which part of it is looked at.
import type { Detail, Host, Peaks, SoundReport, Span } from '../host/host';

/** A part of the recording, seconds. */
export interface Part {
  from: number;
  to: number;
}

/** Closer than this nothing more is to be seen, seconds. */
export const CLOSEST_SECS = 2;
/** Where the position comes to lie when the view follows it, as a part of the view. */
const AHEAD = 0.08;

/** The part of `secs` that is `span` long and begins at `from`, moved inside. */
export function partOf(from: number, span: number | null, secs: number): Part {
  if (span === null || span >= secs) return { from: 0, to: Math.max(0, secs) };
  const begin = Math.min(Math.max(0, from), secs - span);
  return { from: begin, to: begin + span };
}

export class WaveState {
  /** Grows with every stretch; `bars` and `right` themselves are too large to watch. */
  version = $state(0);
  perSecond = $state(20);
  /** Of the only channel, or of the left one. */
  bars: Uint8Array = new Uint8Array(0);
  right: Uint8Array = new Uint8Array(0);
  count = 0;
  stereo = $state(false);
  silences = $state.raw<Span[]>([]);
  /** What can be heard, once all of it was. */
  report = $state.raw<SoundReport | null>(null);
  /** Seconds in view; `null`: all of it. Stays from one recording to the next. */
  span = $state<number | null>(null);
  from = $state(0);
  /** The person moved the view away from the position. */
  away = $state(false);
  /** The part in view, closely; of the part named with it. */
  close = $state.raw<{ part: Part; columns: number; detail: Detail } | null>(null);

  #asking = false;
  #wanted: { part: Part; columns: number } | null = null;

  constructor(private readonly host: Host) {}

  take(peaks: Peaks): void {
    this.bars = grown(this.bars, peaks.from, peaks.bars);
    this.right = grown(this.right, peaks.from, peaks.right);
    this.count = Math.max(this.count, peaks.from + peaks.bars.length);
    this.perSecond = peaks.perSecond;
    if (peaks.right.length) this.stereo = true;
    if (peaks.silences.length) this.silences = [...this.silences, ...peaks.silences];
    this.version += 1;
  }

  /** Another recording: its sound is not known yet. How closely it is looked at stays. */
  forget(): void {
    this.bars = this.right = new Uint8Array(0);
    this.count = 0;
    this.stereo = this.away = false;
    this.silences = [];
    this.report = null;
    this.close = null;
    this.from = 0;
    this.version += 1;
  }

  view(secs: number): Part {
    return partOf(this.from, this.span, secs);
  }

  zoomed(secs: number): boolean {
    return this.span !== null && this.span < secs;
  }

  /** Looks closer (a factor over 1) or from further off; `at`, seconds, stays where it is on the screen. */
  zoom(factor: number, at: number, secs: number): void {
    if (secs <= 0) return;
    const before = this.view(secs);
    const span = Math.max(CLOSEST_SECS, (before.to - before.from) / factor);
    if (span >= secs) return this.whole();
    const part = (at - before.from) / Math.max(0.001, before.to - before.from);
    this.span = span;
    this.from = partOf(at - part * span, span, secs).from;
  }

  /** Shows a part, with a little around it. */
  show(part: Part, secs: number): void {
    const room = (part.to - part.from) * 0.05;
    const span = Math.max(CLOSEST_SECS, part.to - part.from + 2 * room);
    if (span >= secs) return this.whole();
    this.span = span;
    this.from = partOf((part.from + part.to - span) / 2, span, secs).from;
    this.away = true;
  }

  whole(): void {
    this.span = null;
    this.from = 0;
    this.away = false;
  }

  /** Moves the view, seconds; it stops following the position until that comes into view again. */
  move(from: number, secs: number): void {
    if (!this.zoomed(secs)) return;
    this.from = partOf(from, this.span, secs).from;
    this.away = true;
  }

  /** Keeps the position in view, page by page, unless the person looks elsewhere. */
  follow(position: number, secs: number): void {
    if (!this.zoomed(secs)) return;
    const { from, to } = this.view(secs);
    const inside = position >= from && position <= to;
    if (inside) this.away = false;
    else if (!this.away) this.from = partOf(position - (to - from) * AHEAD, this.span, secs).from;
  }

  /** Asks for the part in view as closely as the screen shows it; the newest wish waits for the one under way. */
  async look(part: Part, columns: number): Promise<void> {
    this.#wanted = { part, columns };
    if (this.#asking) return;
    this.#asking = true;
    while (this.#wanted) {
      const { part, columns } = this.#wanted;
      this.#wanted = null;
      const detail = await this.host
        .ask('player_detail', { from: part.from, to: part.to, columns })
        .catch(() => null);
      if (detail) this.close = { part, columns, detail };
    }
    this.#asking = false;
  }
}

function grown(before: Uint8Array, from: number, bars: number[]): Uint8Array {
  const end = from + bars.length;
  let all = before;
  if (end > all.length) {
    all = new Uint8Array(Math.max(end, 2 * before.length, 1024));
    all.set(before);
  }
  all.set(bars, from);
  return all;
}
