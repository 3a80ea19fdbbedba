// One thing about to be done on the server: what would go out, what cannot be right about it, and what became of it. It goes
// once for one press; done or perhaps done, nothing goes again until the person changes it or says so. Left out on
// purpose: what it is for, and its words.
import type { Checked, Flaw, Host, Operation, Problem, WriteOutcome } from '../host/host';
import { asProblem } from '../host/host';

export class Sending {
  /** As it would go out; `null` before it was looked at. */
  checked = $state.raw<Checked | null>(null);
  /** It is on its way. */
  busy = $state(false);
  /** How it ended; `null` before. */
  outcome = $state.raw<WriteOutcome | null>(null);
  /** Why it was not done, or nobody knows whether it was. */
  problem = $state.raw<Problem | null>(null);
  /** The call it placed, where it placed one. */
  guid = $state.raw<string | null>(null);
  #operation: Operation | null = null;
  #turn = 0;

  constructor(private readonly host: Host) {}

  /** What keeps it from being sent. */
  get flaws(): readonly Flaw[] {
    return this.checked?.flaws ?? [];
  }

  /** It may be sent now. */
  get ready(): boolean {
    return this.checked !== null && !this.flaws.length && !this.busy && !this.over;
  }

  /** Done, or perhaps done: the same press does it no second time. */
  get over(): boolean {
    return this.outcome === 'done' || this.outcome === 'unknown';
  }

  /** Shows what would go out; `null`: there is nothing yet. */
  async propose(operation: Operation | null): Promise<void> {
    const turn = ++this.#turn;
    if (!this.busy) this.outcome = this.problem = this.guid = null;
    this.#operation = operation;
    if (!operation) {
      this.checked = null;
      return;
    }
    try {
      const checked = await this.host.ask('operation_check', { operation });
      if (turn === this.#turn) this.checked = checked;
    } catch (error) {
      if (turn === this.#turn) [this.checked, this.problem] = [null, asProblem(error)];
    }
  }

  /** Sends it, once. */
  async send(): Promise<void> {
    const operation = this.#operation;
    if (!operation || !this.ready) return;
    this.busy = true;
    this.outcome = this.problem = this.guid = null;
    try {
      const { written, guid } = await this.host.ask('operation_send', { operation });
      [this.outcome, this.problem, this.guid] = [written.outcome, written.problem, guid];
    } catch (error) {
      // It never left: the trail could not be written, or nobody is signed in any more.
      [this.outcome, this.problem] = ['refused', asProblem(error)];
    }
    this.busy = false;
  }

  /** The person looked, and wants it sent again. */
  again(): void {
    if (!this.busy) this.outcome = this.problem = this.guid = null;
  }
}
