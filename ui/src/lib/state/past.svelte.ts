// The floor as it was: a moment chosen, asked for and shown, the newest wish first. The live floor goes on meanwhile.
import type { Alert, Extent, Host, Moment, Problem } from '../host/host';
import { asProblem } from '../host/host';
import { DAY, dayStart, daysOf, MINUTE, offsetMs } from '../past-time';
import type { FloorState } from './floor.svelte';
import type { ShiftReportState } from './shift-report.svelte';

/** Where rewinding begins: a little before now. */
const BACK = 5 * MINUTE;

export class PastState {
  /** The moment wished; null: now. */
  at = $state<number | null>(null);
  /** The moment shown, as it was. */
  moment = $state.raw<Moment | null>(null);
  extent = $state.raw<Extent | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** The alerts of the day shown, in order. */
  alerts = $state.raw<Alert[]>([]);
  /** The shift report is open. */
  reporting = $state(false);
  /** The report that was left for the moment shown: it is gone back to as it was. */
  left = $state.raw<ShiftReportState | null>(null);

  offset = $derived.by(() =>
    this.extent?.offsetSecs == null ? this.floor.offset : offsetMs(this.extent.offsetSecs, Date.now()),
  );
  days = $derived(daysOf(this.extent?.runs ?? [], this.offset));
  day = $derived(this.at === null ? null : dayStart(this.at, this.offset));

  #asking = false;
  /** Counts the returns to now. */
  #turn = 0;

  constructor(
    private readonly host: Host,
    private readonly floor: FloorState,
  ) {}

  /** What there is; what was known stays when it cannot be asked. */
  async look(): Promise<Extent | null> {
    try {
      this.extent = await this.host.ask('history_extent', {});
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
    return this.extent;
  }

  /** Shows the floor a little before now. */
  async enter(): Promise<void> {
    if (this.at !== null) return;
    const extent = await this.look();
    const last = extent?.runs.at(-1);
    if (last) await this.go(Math.max(last.fromMs, last.untilMs - BACK));
    else this.problem ??= { code: 'historyEmpty', params: {}, retryable: false };
  }

  /** Back to now. */
  leave(): void {
    this.#turn += 1;
    this.at = null;
    this.moment = null;
    this.problem = null;
    this.left = null;
    this.floor.rewind(null);
  }

  get first(): number {
    return this.extent?.runs[0]?.fromMs ?? 0;
  }

  get last(): number {
    return this.extent?.runs.at(-1)?.untilMs ?? 0;
  }

  /** Shows a moment within what there is. While one is asked for, only the last wish counts. */
  async go(ms: number): Promise<void> {
    // Beyond what was known there may be more by now.
    const turn = this.#turn;
    if (ms > this.last) await this.look();
    // Somebody went back to now meanwhile.
    if (turn !== this.#turn) return;
    this.at = Math.min(this.last, Math.max(this.first, Math.round(ms)));
    if (this.#asking) return;
    this.#asking = true;
    try {
      while (this.at !== null && this.moment?.atMs !== this.at) {
        const wished = this.at;
        const moment = await this.host.ask('history_moment', { at: wished });
        if (this.at === null) break;
        this.moment = moment;
        this.problem = null;
        this.floor.rewind(moment.snapshot ?? { ...EMPTY, atMs: wished });
      }
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      this.#asking = false;
    }
  }

  /** The alerts of the day shown; what was known stays when they cannot be asked. */
  async lookForAlerts(): Promise<void> {
    const day = this.day;
    if (day === null) return;
    const period = { fromMs: day, untilMs: day + DAY };
    const found = await this.host.ask('history_alerts', { period }).catch(() => null);
    if (found && day === this.day) this.alerts = found;
  }

  /** Leaves the report for a moment of it. */
  async visit(ms: number, from: ShiftReportState): Promise<void> {
    this.reporting = false;
    this.left = from;
    if (!this.extent) await this.look();
    await this.go(ms);
  }

  /** Opens the report: the one that was left for the moment shown, over the floor as it is now, else a new one. */
  report(): void {
    const { left } = this;
    if (left) {
      this.leave();
      this.left = left;
    }
    this.reporting = true;
  }

  async step(by: number): Promise<void> {
    if (this.at !== null) await this.go(this.at + by);
  }

  /** The same time of another day. */
  async goToDay(day: number): Promise<void> {
    const time = this.at === null || this.day === null ? DAY / 2 : this.at - this.day;
    await this.go(day + time);
  }

  /** The past was cleared: nothing is known of it any more. */
  forget(): void {
    this.leave();
    this.extent = null;
    this.reporting = false;
  }
}

const EMPTY = {
  revision: 0,
  atMs: 0,
  campaigns: [],
  agents: [],
  agentsReadAtMs: {},
  agentsEveryMs: 0,
  health: {
    freshness: 'fresh' as const,
    lastOkMs: null,
    statusOkMs: null,
    queueOkMs: null,
    everyMs: 0,
    slowed: null,
    roundTripMs: null,
    failures: 0,
    problem: null,
    dropped: 0,
    requestsPerMinute: 0,
    serverOffsetSecs: null,
  },
};
