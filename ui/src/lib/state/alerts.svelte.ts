// What needs an eye or a hand, as the program tells it; and the tap on the shoulder when it is new.
import type { Alert, AlertBoard, Host, Severity } from '../host/host';

const NONE: AlertBoard = {
  active: [],
  history: [],
  quiet: false,
  mutedUntilMs: null,
  chatStopped: false,
  knownUntilMs: null,
  steppedMs: null,
};
/** Minutes something can be put off for. */
export const SNOOZES = [5, 15, 60] as const;
/** The program tells every three seconds that it looks; seconds without a word until nobody is watching. */
const SILENT_SECS = 15;

/** What somebody still has to see to: not seen to, and not put off. */
export function demanding(active: Alert[], now: number): Alert[] {
  return active.filter(
    (alert) =>
      alert.acknowledgedMs === null && (alert.snoozedUntilMs === null || alert.snoozedUntilMs <= now),
  );
}

/** What is new between two boards: raised, worse, or back after it was put off. */
export function news(before: Alert[], after: Alert[]): Alert[] {
  const known = new Map(before.map((alert) => [alert.id, alert]));
  return after.filter((alert) => {
    const was = known.get(alert.id);
    if (!was) return true;
    const back =
      was.snoozedUntilMs !== null && alert.snoozedUntilMs === null && alert.acknowledgedMs === null;
    return back || (was.severity === 'warn' && alert.severity === 'bad');
  });
}

/** Shown, not heard: the hour is quiet, or somebody wanted peace. */
export function silent(board: AlertBoard): boolean {
  return board.quiet || board.mutedUntilMs !== null;
}

export class AlertsState {
  silent = $derived.by(() => silent(this.board));
  board = $state.raw<AlertBoard>(NONE);
  open = $state(false);
  /** The newest of what is new, for whoever cannot see it. */
  latest = $state.raw<Alert | null>(null);
  demanding = $derived(demanding(this.board.active, Date.now()));
  /** What is seen to or put off: under way, and nobody's to take. */
  others = $derived(this.board.active.filter((alert) => !this.demanding.includes(alert)));
  /** Nobody looks at the rules any more, since when; null while somebody does. */
  stoppedMs = $state<number | null>(null);
  #heardMs: number | null = null;
  #silentSecs = 0;
  #watch: ReturnType<typeof setInterval> | undefined;
  worst = $derived<Severity | null>(
    this.demanding.some((alert) => alert.severity === 'bad') ? 'bad' : this.demanding.length ? 'warn' : null,
  );

  constructor(
    private readonly host: Host,
    private readonly tap: (alert: Alert) => void,
  ) {}

  async start(): Promise<void> {
    let first = true;
    await this.host.stream('alerts_watch', {}, (board) => {
      this.#hear(board.steppedMs);
      const fresh = news(this.board.active, board.active);
      this.board = board;
      // What was there before the window looked is not news.
      const worst = fresh.find((alert) => alert.severity === 'bad') ?? fresh[0];
      if (worst && !first) {
        this.latest = worst;
        if (!silent(board)) this.tap(worst);
      }
      first = false;
    });
    // Counted, not measured: a computer that slept watched nothing, and wakes to one beat.
    this.#watch = setInterval(() => this.#beat(), 1000);
  }

  /** The session is over: nobody is to look any more. */
  end(): void {
    clearInterval(this.#watch);
  }

  /** A word that the rules were looked at, newer than the last one, is what must not stay away. */
  #hear(steppedMs: number | null): void {
    if (steppedMs === this.#heardMs) return;
    this.#heardMs = steppedMs;
    this.#silentSecs = 0;
    this.stoppedMs = null;
  }

  #beat(): void {
    this.#silentSecs += 1;
    if (this.#silentSecs >= SILENT_SECS) this.stoppedMs ??= this.#heardMs ?? Date.now() - 1000 * SILENT_SECS;
  }

  async acknowledge(alert: Alert): Promise<void> {
    await this.host.ask('alert_acknowledge', { id: alert.id }).catch(() => undefined);
  }

  async acknowledgeAll(): Promise<void> {
    await Promise.all(this.demanding.map((alert) => this.acknowledge(alert)));
  }

  /** Nobody sees to it after all. */
  async letGo(alert: Alert): Promise<void> {
    await this.host.ask('alert_let_go', { id: alert.id }).catch(() => undefined);
  }

  /** It comes back after so many minutes; zero: now after all. */
  async snooze(alert: Alert, minutes: number): Promise<void> {
    await this.host.ask('alert_snooze', { id: alert.id, minutes }).catch(() => undefined);
  }

  /** Alerts are shown, but not heard or noticed, for so long; zero ends it. */
  async mute(minutes: number): Promise<void> {
    await this.host.ask('alerts_mute', { minutes }).catch(() => undefined);
  }
}
