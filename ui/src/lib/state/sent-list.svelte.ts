// What was sent from here: of a group or all of it, only what nobody knows or all, and taking back what can be. Left out on
// purpose: what cannot be taken back, which is only said.
import type { Host, Operation, Problem, SentCount, SentKind, SentLine } from '../host/host';
import { asProblem } from '../host/host';
import { Sending } from './sending.svelte';
import { Slices } from './slices.svelte';

export class SentList {
  kind = $state<SentKind | null>(null);
  unknown = $state(false);
  counts = $state.raw<SentCount[]>([]);
  problem = $state.raw<Problem | null>(null);
  /** Something that is about to be taken back. */
  undoing = $state.raw<{ line: SentLine; sending: Sending } | null>(null);
  /** Something of which a person is about to say what became of it. */
  settling = $state.raw<SentLine | null>(null);
  readonly lines: Slices<SentLine>;

  constructor(
    private readonly host: Host,
    /** Somebody knows what became of one. */
    private readonly onsettled: () => void = () => undefined,
  ) {
    this.lines = new Slices(async (from, count) => {
      const { kind, unknown } = this;
      const page = await host.ask('outreach_sent', { kind, unknown, from, count });
      this.counts = page.counts;
      return { total: page.total, rows: page.lines };
    });
  }

  /** All that nobody knows. */
  get unsure(): number {
    return this.counts.reduce((sum, one) => sum + one.unknown, 0);
  }

  of(kind: SentKind): SentCount {
    return this.counts.find((one) => one.kind === kind) ?? { kind, all: 0, unknown: 0 };
  }

  async show(kind: SentKind | null, unknown: boolean): Promise<void> {
    [this.kind, this.unknown] = [kind, unknown];
    await this.lines.restart();
  }

  /** Proposes what takes a line back; nothing is sent yet. */
  async undo(line: SentLine): Promise<void> {
    this.problem = null;
    try {
      const { undo } = line;
      const known = undo.kind === 'asked' ? await this.host.ask('outreach_undo', { id: line.id }) : undo;
      if (known.kind === 'by') await this.#propose(line, known.operation);
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  async #propose(line: SentLine, operation: Operation): Promise<void> {
    const sending = new Sending(this.host);
    await sending.propose(operation);
    this.undoing = { line, sending };
  }

  /** Opens what somebody knows of a line that nobody knew. */
  consider(line: SentLine): void {
    [this.problem, this.settling] = [null, line];
  }

  /** A person looked: it was done, or it was not. */
  async settle(line: SentLine, done: boolean): Promise<void> {
    try {
      await this.host.ask('outreach_settle', { id: line.id, done });
      this.settling = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.onsettled();
  }

  close(): void {
    this.undoing = null;
    void this.lines.refresh();
  }
}
