// What needs an eye or a hand, as the program tells it; and the tap on the shoulder when it is new.
import type { Alert, AlertBoard, Host, Severity } from '../host/host';

const NONE: AlertBoard = { active: [], history: [], quiet: false, mutedUntilMs: null };

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
  }

  async acknowledge(alert: Alert): Promise<void> {
    await this.host.ask('alert_acknowledge', { id: alert.id }).catch(() => undefined);
  }

  async acknowledgeAll(): Promise<void> {
    await Promise.all(this.demanding.map((alert) => this.acknowledge(alert)));
  }

  async snooze(alert: Alert, minutes: number): Promise<void> {
    await this.host.ask('alert_snooze', { id: alert.id, minutes }).catch(() => undefined);
  }

  /** Alerts are shown, but not heard or noticed, for so long; zero ends it. */
  async mute(minutes: number): Promise<void> {
    await this.host.ask('alerts_mute', { minutes }).catch(() => undefined);
  }
}
