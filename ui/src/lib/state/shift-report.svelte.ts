// A shift's report: made for a period and a team, and taken along.
import type { Host, Page, Period, Problem, Report } from '../host/host';
import { asProblem, failureOf } from '../host/host';
import { DAY } from '../past-time';
import type { TableOrder } from '../report-order';
import type { ReportTable } from '../report-tables';
import type { Files } from './files';

const WEEK = 7 * DAY;

export class ShiftReportState {
  report = $state.raw<Report | null>(null);
  /** The same hours a week before; `null`: not known. */
  before = $state.raw<Report | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  /** The period as typed, and the team it is of. */
  from = $state('');
  until = $state('');
  team = $state('');
  /** How somebody sorted a table, by its part. */
  orders = $state.raw<Partial<Record<ReportTable['part'], TableOrder>>>({});
  /** Where somebody was when it was left for the floor at a moment: pixels from its top, and which of its moments it was. */
  place = { top: 0, moment: -1 };
  /** Where it was last written. */
  saved = $state.raw<string | null>(null);

  constructor(
    private readonly host: Host,
    private readonly files: Files,
  ) {}

  async make(period: Period, team: string | null): Promise<void> {
    if (this.busy) return;
    [this.busy, this.problem, this.saved] = [true, null, null];
    try {
      const of = (back: number) =>
        this.host.ask('history_report', {
          request: { period: { fromMs: period.fromMs - back, untilMs: period.untilMs - back }, team },
        });
      // Without the week before there is nothing to compare with; the report is there all the same.
      const [report, before] = await Promise.all([of(0), of(WEEK).catch(() => null)]);
      [this.report, this.before] = [report, before];
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      this.busy = false;
    }
  }

  saveTable(file: { title: string; name: string; rows: string[][] }): Promise<void> {
    return this.#save(() => this.files.saveTable(file));
  }

  savePage(file: { title: string; name: string; page: Page }): Promise<void> {
    return this.#save(() => this.files.savePage(file));
  }

  async #save(write: () => Promise<string | null>): Promise<void> {
    this.saved = null;
    const failure = await failureOf(async () => void (this.saved = await write()));
    if (failure) this.problem = failure;
  }
}
