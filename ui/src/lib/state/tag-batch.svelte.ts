// One tag to several calls, one by one: how far it is, a stop, and what became of each.
import type { BatchLine, Call, Host, Problem } from '../host/host';
import { asProblem } from '../host/host';
import { numberOf } from './calls-search';
import type { Files } from './files';
import type { TagsState } from './tags.svelte';

export class TagBatch {
  going = $state.raw<{ done: number; total: number } | null>(null);
  /** What became of each, at the end. */
  lines = $state.raw<BatchLine[] | null>(null);
  stopped = $state(false);
  problem = $state.raw<Problem | null>(null);

  constructor(
    private readonly host: Host,
    private readonly files: Files,
    private readonly tags: TagsState,
  ) {}

  async send(calls: readonly Call[], text: string): Promise<void> {
    this.problem = null;
    const requests = calls.map((call) => ({
      guid: call.guid,
      phone: numberOf(call),
      startedAt: call.startedAt,
      text,
    }));
    this.going = { done: 0, total: requests.length };
    try {
      await this.host.stream('tag_batch', { requests }, (update) => {
        if (update.kind === 'going') this.going = { done: update.done, total: update.total };
        else {
          [this.going, this.lines, this.stopped] = [null, update.lines, update.cancelled];
          void this.tags.learn(update.lines.map((line) => line.guid));
          void this.tags.learnRecent();
        }
      });
    } catch (error) {
      this.going = null;
      this.problem = asProblem(error);
    }
  }

  cancel(): void {
    this.host.ask('tag_batch_cancel', {}).catch(() => undefined);
  }

  /** Writes what became of each as a table. */
  async save(title: string, text: string, rows: string[][]): Promise<void> {
    const file = { title, name: 'tags.csv', rows };
    await this.files.saveTable(file, { what: 'batch', target: text }).catch(() => undefined);
  }
}
