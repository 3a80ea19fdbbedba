// Reviews made, whoever made them: found by words or behind a report, handed to the agent, and what became of it.
import type { FeedbackStep, Host, Note, Page, Problem, ReportFilter, Review, ReviewLine } from '../host/host';
import { asProblem, failureOf } from '../host/host';
import type { Files } from './files';

/** The reviews a figure of a report is made of. */
export interface Behind {
  within: ReportFilter;
  /** The question it is a figure of, by its key; empty: of whole reviews. */
  question: string;
  /** What it asks. */
  asked: string;
  /** Only those in which it failed fatally. */
  fatal: boolean;
  /** Only those with this score. */
  score: number | null;
}

/** All there are. */
export const ALL_REVIEWS: ReportFilter = {
  from: '',
  to: '',
  agent: '',
  campaign: '',
  reviewer: '',
  card: '',
};

const NO_FIGURE: Behind = { within: ALL_REVIEWS, question: '', asked: '', fatal: false, score: null };

export class ReviewListState {
  lines = $state.raw<ReviewLine[]>([]);
  problem = $state.raw<Problem | null>(null);
  #text = '';
  #open = false;
  #behind: Behind | null = null;
  #turn = 0;

  constructor(
    private readonly host: Host,
    private readonly files: Files,
  ) {}

  /** Those with these words, of a report those it counted; `open`: only those not finished. */
  async look(text: string, open: boolean, behind: Behind | null = null): Promise<void> {
    [this.#text, this.#open, this.#behind] = [text, open, behind];
    const { within, question, fatal, score } = behind ?? NO_FIGURE;
    const filter = { guid: '', text, open, finished: behind !== null, within, question, fatal, score };
    const turn = ++this.#turn;
    try {
      const lines = await this.host.ask('review_list', { filter });
      if (turn === this.#turn) [this.lines, this.problem] = [lines, null];
    } catch (error) {
      if (turn === this.#turn) this.problem = asProblem(error);
    }
  }

  /** Writes a review as a page to print; gives where. */
  async saveSheet(
    line: ReviewLine,
    title: string,
    name: string,
    page: (review: Review, notes: Note[]) => Page,
  ): Promise<string | null> {
    let path: string | null = null;
    this.problem = null;
    this.problem = await failureOf(async () => {
      const review = await this.host.ask('review_get', { id: line.id });
      const notes = await this.host.ask('notes_of', { guid: line.guid });
      const file = { title, name, page: page(review, notes) };
      path = await this.files.savePage(file, { what: 'sheet', target: line.guid });
    });
    return path;
  }

  /** A step of handing it to the agent was taken on this day; `null` takes it back. */
  async feedback(line: ReviewLine, step: FeedbackStep, day: string | null): Promise<void> {
    this.problem = null;
    this.problem = await failureOf(async () => {
      await this.host.ask('review_feedback', { id: line.id, step, day });
      await this.look(this.#text, this.#open, this.#behind);
    });
  }
}
