// The report that is made every day: the program says when, the words are made here, the program writes them.
import type { DailyContent, DailyDue, DailyMade, DailyState, Host, Problem, Report } from '../host/host';
import { asProblem, failureOf } from '../host/host';
import { DAY, offsetMs } from '../past-time';
import { reportPage, reportSheet } from '../report-page';
import { separator } from '../separator';
import type { Limits } from '../thresholds';
import { i18n, t } from './i18n.svelte';

const WEEK = 7 * DAY;
/** A report that failed while the window was opening is still told of. */
const NEWS_MS = 60_000;

export class DailyReports {
  now = $state.raw<DailyState | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** The last one that is being made here, by its number. */
  #taken = 0;
  /** When the last one was to be made that something was said of. */
  #said: number | null = null;

  constructor(
    private readonly host: Host,
    private readonly limits: () => Limits | null,
    /** Shows a notice on the desktop. */
    private readonly tell: (title: string, body: string) => void,
  ) {}

  async start(): Promise<void> {
    await this.host.stream('daily_watch', {}, (state) => {
      this.now = state;
      this.#say(state);
      if (state.due && state.due.id !== this.#taken) {
        this.#taken = state.due.id;
        void this.#make(state.due, state.offsetSecs);
      }
    });
  }

  /** Makes one now. */
  async make(): Promise<void> {
    this.problem = await failureOf(() => this.host.ask('daily_make', {}));
  }

  /** Lets the person choose where they are put. */
  async chooseFolder(title: string): Promise<void> {
    this.problem = await failureOf(() => this.host.ask('daily_folder', { title }));
  }

  async #make(due: DailyDue, offsetSecs: number | null): Promise<void> {
    const content: DailyContent = {
      id: due.id,
      page: null,
      rows: null,
      separator: separator(),
      problem: null,
    };
    try {
      const { fromMs, untilMs } = due.period;
      const of = (back: number): Promise<Report> =>
        this.host.ask('history_report', {
          request: { period: { fromMs: fromMs - back, untilMs: untilMs - back }, team: null },
        });
      // Without the week before there is nothing to compare with; the report is there all the same.
      const [report, before] = await Promise.all([of(0), of(WEEK).catch(() => null)]);
      const offset = offsetMs(offsetSecs, fromMs);
      if (due.page) content.page = reportPage(report, before, this.limits(), offset, t('team_everybody'));
      if (due.table) content.rows = reportSheet(report, offset);
    } catch (error) {
      content.problem = asProblem(error);
    }
    // The program keeps what came of it, and says so.
    await this.host.ask('daily_write', { content }).catch(() => undefined);
  }

  /** What nobody pressed for, and went wrong or came late, is said once. */
  #say(state: DailyState): void {
    const last: DailyMade | undefined = state.due ? state.made[1] : state.made[0];
    const atMs = last?.atMs ?? 0;
    if (atMs === this.#said) return;
    // What was there long before this window looked is not news.
    const old = this.#said === null && Date.now() - atMs > NEWS_MS;
    this.#said = atMs;
    if (!last || old || last.byHand) return;
    if (last.problem) this.tell(t('daily_failed'), i18n.problem(last.problem));
    else if (last.late) this.tell(t('daily_title'), t('daily_late'));
  }
}
