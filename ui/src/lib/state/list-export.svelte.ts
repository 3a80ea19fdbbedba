// Writing the calls shown to a file, in the background: the list can be used meanwhile.
import type { ExportUpdate, Host } from '../host/host';
import type { Streams } from '../host/generated/commands';
import { asProblem } from '../host/host';
import { separator } from '../separator';

type Ended = Exclude<ExportUpdate, { kind: 'progress' }>;

export class ListExport {
  /** How far it is; `null` while nothing is written. Until its number is known it cannot be stopped. */
  writing = $state.raw<{ id: number | null; written: number; total: number } | null>(null);

  constructor(private readonly host: Host) {}

  /** Writes so many rows; `onend` hears how it ended, unless the person chose no file. */
  async save(
    args: Omit<Streams['export_calls']['args'], 'separator'>,
    total: number,
    onend: (ended: Ended) => void,
  ): Promise<void> {
    this.writing = { id: null, written: 0, total };
    let ended = false;
    try {
      const id = await this.host.stream('export_calls', { ...args, separator: separator() }, (update) => {
        if (update.kind === 'progress') {
          this.writing = { id: this.writing?.id ?? null, written: update.written, total: update.total };
          return;
        }
        ended = true;
        this.writing = null;
        onend(update);
      });
      if (id === null) this.writing = null;
      else if (!ended && this.writing) this.writing = { ...this.writing, id };
    } catch (error) {
      this.writing = null;
      onend({ kind: 'failed', problem: asProblem(error) });
    }
  }

  stop(): void {
    const id = this.writing?.id ?? null;
    if (id !== null) this.host.ask('calls_cancel', { id }).catch(() => undefined);
  }
}
