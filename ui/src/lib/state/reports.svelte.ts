// Figures over finished reviews: by whatever is asked, and how they went over time.
import type {
  Host,
  Problem,
  ReportBy,
  ReportFilter,
  ReportRow,
  ShareRequest,
  ShareState,
} from '../host/host';
import { asProblem, failureOf } from '../host/host';
import type { Files } from './files';

/** More days than this are drawn by the month. */
const MOST_DAYS = 45;

export class ReportsState {
  rows = $state.raw<ReportRow[]>([]);
  trend = $state.raw<ReportRow[]>([]);
  /** The trend is by the day, otherwise by the month. */
  daily = $state(false);
  /** Who was judged in the period looked at. */
  judged = $state.raw<string[]>([]);
  /** By agent, of the month under way. */
  month = $state.raw<ReportRow[]>([]);
  /** What is missing of each agreed share; none of those nothing is known of yet. */
  shares = $state.raw<ShareState[]>([]);
  /** What dispositions are called here. */
  dispositions = $state.raw<string[]>([]);
  problem = $state.raw<Problem | null>(null);
  #turn = 0;
  #shareTurn = 0;

  constructor(
    private readonly host: Host,
    private readonly files: Files,
  ) {}

  async look(filter: ReportFilter, by: ReportBy): Promise<void> {
    const turn = ++this.#turn;
    const ask = (by: ReportBy) => this.host.ask('review_report', { filter, by });
    try {
      const rows = await ask(by);
      let trend = await ask('day');
      const daily = trend.length <= MOST_DAYS;
      if (!daily) trend = await ask('month');
      const agents = by === 'agent' ? rows : await ask('agent');
      if (turn !== this.#turn) return;
      this.judged = agents.map((row) => row.key).filter((name) => name !== '');
      [this.rows, this.trend, this.daily, this.problem] = [rows, trend, daily, null];
    } catch (error) {
      if (turn === this.#turn) this.problem = asProblem(error);
    }
  }

  /** Asks how many reviews everybody has of this month. */
  async lookAtMonth(from: string, to: string): Promise<void> {
    const filter = { from, to, agent: '', campaign: '', reviewer: '', card: '' };
    const failure = await failureOf(async () => {
      this.month = await this.host.ask('review_report', { filter, by: 'agent' });
    });
    if (failure) this.problem = failure;
  }

  /** Asks what is missing of the shares agreed. */
  async lookAtShares(request: ShareRequest): Promise<void> {
    const turn = ++this.#shareTurn;
    const failure = await failureOf(async () => {
      const shares = request.shares.length ? await this.host.ask('review_shares', { request }) : [];
      if (turn === this.#shareTurn) this.shares = shares;
    });
    if (failure) this.problem = failure;
  }

  /** What there is to choose from; without it a name is typed. */
  async lookForDispositions(): Promise<void> {
    this.dispositions = await this.host.ask('disposition_names', {}).catch(() => []);
  }

  /** Writes them as a table; gives where. */
  async save(by: ReportBy, file: { title: string; name: string; rows: string[][] }): Promise<string | null> {
    let path: string | null = null;
    const failure = await failureOf(async () => {
      path = await this.files.saveTable(file, { what: 'report', target: by });
    });
    if (failure) this.problem = failure;
    return path;
  }
}
