// What needs an eye or a hand, as the program tells it; and the tap on the shoulder when it is new.
import type { Alert, AlertBoard, AlertsTold, Host, ReviewAlert, Severity } from '../host/host';
import { type Incident, isReview, severityOf } from '../incident';

const NONE: AlertsTold = {
  active: [],
  history: [],
  quiet: false,
  mutedUntilMs: null,
  chatStopped: false,
  knownUntilMs: null,
  steppedMs: null,
  reviews: [],
};
/** Minutes something can be put off for. */
export const SNOOZES = [5, 15, 60] as const;
/** The program tells every three seconds that it looks; seconds without a word until nobody is watching. */
const SILENT_SECS = 15;

/** What somebody still has to see to: not seen to, and not put off. */
export function demanding<Of extends Incident>(active: Of[], now: number): Of[] {
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

/** The same of reviews: raised, or back after it was put off. */
export function reviewNews(before: ReviewAlert[], after: ReviewAlert[]): ReviewAlert[] {
  const known = new Map(before.map((alert) => [alert.review, alert]));
  return after.filter((alert) => {
    if (alert.acknowledgedMs !== null || alert.snoozedUntilMs !== null) return false;
    const was = known.get(alert.review);
    return !was || was.snoozedUntilMs !== null;
  });
}

/** Shown, not heard: the hour is quiet, or somebody wanted peace. */
export function silent(board: AlertBoard): boolean {
  return board.quiet || board.mutedUntilMs !== null;
}

export class AlertsState {
  silent = $derived.by(() => silent(this.board));
  board = $state.raw<AlertsTold>(NONE);
  open = $state(false);
  /** The newest of what is new, for whoever cannot see it. */
  latest = $state.raw<Incident | null>(null);
  /** The floor's first: it does not wait. */
  demanding = $derived<Incident[]>([
    ...demanding(this.board.active, Date.now()),
    ...demanding(this.board.reviews, Date.now()),
  ]);
  /** All that are under way. */
  all = $derived<Incident[]>([...this.board.active, ...this.board.reviews]);
  /** What is seen to or put off: under way, and nobody's to take. */
  others = $derived(this.all.filter((alert) => !this.demanding.includes(alert)));
  /** Nobody looks at the rules any more, since when; null while somebody does. */
  stoppedMs = $state<number | null>(null);
  #heardMs: number | null = null;
  #silentSecs = 0;
  #watch: ReturnType<typeof setInterval> | undefined;
  /** What was told last, as text. */
  #told = '';
  #over = '';
  worst = $derived<Severity | null>(
    this.demanding.some((alert) => severityOf(alert) === 'bad')
      ? 'bad'
      : this.demanding.length
        ? 'warn'
        : null,
  );

  constructor(
    private readonly host: Host,
    private readonly tap: (alert: Incident) => void,
  ) {}

  async start(): Promise<void> {
    let first = true;
    await this.host.stream('alerts_watch', {}, ({ historySame, ...board }) => {
      this.#hear(board.steppedMs);
      if (historySame) board.history = this.board.history;
      // A beat that tells nothing else changes nothing. What is over is the most of it, and is seldom told again.
      const told = JSON.stringify({ ...board, history: null, steppedMs: null });
      const over = board.history === this.board.history ? this.#over : JSON.stringify(board.history);
      if (told === this.#told && over === this.#over) return;
      [this.#told, this.#over] = [told, over];
      const fresh: Incident[] = [
        ...news(this.board.active, board.active),
        ...reviewNews(this.board.reviews, board.reviews),
      ];
      this.board = board;
      // What was there before the window looked is not news.
      const worst = fresh.find((alert) => severityOf(alert) === 'bad') ?? fresh[0];
      if (worst && !first) {
        this.latest = worst;
        if (!silent(board)) this.tap(worst);
      }
      first = false;
    });
    this.seen(!document.hidden);
  }

  /** Whether the rules are still looked at is counted while somebody can see it. */
  seen(seen: boolean): void {
    clearInterval(this.#watch);
    this.#silentSecs = 0;
    // Counted, not measured: a computer that slept watched nothing, and wakes to one beat.
    this.#watch = seen ? setInterval(() => this.#beat(), 1000) : undefined;
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

  async acknowledge(alert: Incident): Promise<void> {
    const asked = isReview(alert)
      ? this.host.ask('review_alert_acknowledge', { review: alert.review })
      : this.host.ask('alert_acknowledge', { id: alert.id });
    await asked.catch(() => undefined);
  }

  async acknowledgeAll(): Promise<void> {
    await Promise.all(this.demanding.map((alert) => this.acknowledge(alert)));
  }

  /** Nobody sees to it after all. */
  async letGo(alert: Incident): Promise<void> {
    const asked = isReview(alert)
      ? this.host.ask('review_alert_let_go', { review: alert.review })
      : this.host.ask('alert_let_go', { id: alert.id });
    await asked.catch(() => undefined);
  }

  /** It comes back after so many minutes; zero: now after all. */
  async snooze(alert: Incident, minutes: number): Promise<void> {
    const asked = isReview(alert)
      ? this.host.ask('review_alert_snooze', { review: alert.review, minutes })
      : this.host.ask('alert_snooze', { id: alert.id, minutes });
    await asked.catch(() => undefined);
  }

  /** Alerts are shown, but not heard or noticed, for so long; zero ends it. */
  async mute(minutes: number): Promise<void> {
    await this.host.ask('alerts_mute', { minutes }).catch(() => undefined);
  }
}
