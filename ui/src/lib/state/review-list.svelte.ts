// Reviews made, whoever made them: found by words, handed to the agent as a sheet, acknowledged.
import type { Host, Note, Page, Problem, Review, ReviewLine } from '../host/host';
import { asProblem, failureOf } from '../host/host';
import type { Files } from './files';

export class ReviewListState {
  lines = $state.raw<ReviewLine[]>([]);
  problem = $state.raw<Problem | null>(null);
  #text = '';
  #open = false;
  #turn = 0;

  constructor(
    private readonly host: Host,
    private readonly files: Files,
  ) {}

  /** Those with these words; `open`: only those not finished. */
  async look(text: string, open: boolean): Promise<void> {
    [this.#text, this.#open] = [text, open];
    const turn = ++this.#turn;
    try {
      const lines = await this.host.ask('review_list', { filter: { guid: '', text, open } });
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

  /** The agent has seen it, on this day; `null` takes that back. */
  async acknowledge(line: ReviewLine, day: string | null): Promise<void> {
    this.problem = null;
    this.problem = await failureOf(async () => {
      await this.host.ask('review_acknowledge', { id: line.id, day });
      await this.look(this.#text, this.#open);
    });
  }
}
