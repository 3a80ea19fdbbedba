// Saving several recordings: what is asked first, how far it is, and the report at the end.
import type { Call, Host, Problem, SaveUpdate } from '../host/host';
import { asProblem } from '../host/host';

export interface Line {
  call: Call;
  /** The file's name; `null` when there is none. */
  name: string | null;
  problem: Problem | null;
}

export class SavingState {
  phase = $state<'none' | 'asking' | 'saving' | 'done'>('none');
  calls = $state.raw<Call[]>([]);
  convert = $state(false);
  done = $state(0);
  /** Whose turn it is. */
  now = $state.raw<Call | null>(null);
  /** What went wrong, file or not. */
  report = $state.raw<Line[]>([]);
  result = $state.raw<Extract<SaveUpdate, { kind: 'done' }> | null>(null);
  problem = $state.raw<Problem | null>(null);

  constructor(private readonly host: Host) {}

  /** Opens the question; with one under way its progress is shown instead. */
  offer(calls: Call[]): void {
    if (this.phase === 'saving' || !calls.length) return;
    this.calls = calls;
    this.convert = false;
    this.done = 0;
    this.now = this.result = this.problem = null;
    this.report = [];
    this.phase = 'asking';
  }

  /** Lets the person choose a folder, and begins. */
  async start(title: string): Promise<void> {
    this.problem = null;
    try {
      if ((await this.host.ask('save_folder', { title })) === null) return;
      this.phase = 'saving';
      const args = { calls: this.calls, convert: this.convert };
      await this.host.stream('recordings_save', args, (update) => this.take(update));
    } catch (error) {
      this.problem = asProblem(error);
      this.phase = 'asking';
    }
  }

  take(update: SaveUpdate): void {
    const call = 'guid' in update ? this.calls.find((one) => one.guid === update.guid) : undefined;
    switch (update.kind) {
      case 'turn':
        this.done = update.done;
        this.now = call ?? null;
        break;
      case 'saved':
        if (call && update.problem)
          this.report = [...this.report, { call, name: update.name, problem: update.problem }];
        break;
      case 'failed':
        if (call) this.report = [...this.report, { call, name: null, problem: update.problem }];
        break;
      case 'done':
        this.result = update;
        this.done = update.saved + update.failed;
        this.now = null;
        this.phase = 'done';
        break;
    }
  }

  /** Stops; what was saved stays, and the report says how far it came. */
  cancel(): void {
    this.host.ask('recordings_save_cancel', {}).catch(() => undefined);
  }

  close(): void {
    if (this.phase !== 'saving') this.phase = 'none';
  }
}
