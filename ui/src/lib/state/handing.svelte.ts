// Worklists handed on: to whom, with what; and what somebody else's file would bring here.
import type { HandedFound, Host, Problem, Sample, TakenIn } from '../host/host';
import { failureOf } from '../host/host';
import type { Files } from './files';

export class HandingState {
  /** Who is known to judge. */
  reviewers = $state.raw<string[]>([]);
  /** What is in the file that was opened; `null` before one is. */
  found = $state.raw<HandedFound | null>(null);
  /** What came of taking it in. */
  taken = $state.raw<TakenIn | null>(null);
  problem = $state.raw<Problem | null>(null);
  #text = '';

  constructor(
    private readonly host: Host,
    private readonly files: Files,
  ) {}

  /** Without them a name is typed. */
  async lookForReviewers(): Promise<void> {
    this.reviewers = await this.host.ask('sample_reviewers', {}).catch(() => []);
  }

  /** Gives a worklist to somebody who sits at this computer too; whether it was. */
  async give(sample: Sample, to: string): Promise<boolean> {
    this.problem = await failureOf(() => this.#give(sample, to));
    return this.problem === null;
  }

  /** Writes it to a file for another computer first; it is given away only once the file is there. */
  async giveFile(
    sample: Sample,
    to: string,
    { drafts, notes }: { drafts: boolean; notes: boolean },
    file: { title: string; name: string },
  ): Promise<string | null> {
    let path: string | null = null;
    this.problem = await failureOf(async () => {
      const text = await this.host.ask('sample_file', { id: sample.id, to, drafts, notes });
      const trail = { what: 'worklist', target: sample.request.name };
      path = await this.files.saveJson({ ...file, text }, trail);
      if (path !== null) await this.#give(sample, to);
    });
    return this.problem ? null : path;
  }

  async #give(sample: Sample, to: string): Promise<void> {
    await this.host.ask('sample_hand_on', { id: sample.id, to });
  }

  /** Opens a file somebody handed on; whether one was chosen. Nothing is taken yet. */
  async open(title: string): Promise<boolean> {
    this.found = this.taken = null;
    let chosen = false;
    this.problem = await failureOf(async () => {
      const text = await this.files.openJson(title);
      if (text === null) return;
      chosen = true;
      this.found = await this.host.ask('sample_look_in', { text });
      this.#text = text;
    });
    return chosen || this.problem !== null;
  }

  /** Takes in what was looked at. */
  async take(): Promise<TakenIn | null> {
    this.problem = await failureOf(async () => {
      this.taken = await this.host.ask('sample_take_in', { text: this.#text });
    });
    return this.taken;
  }
}
