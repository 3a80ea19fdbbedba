// Questions about the last look ahead: what if people were elsewhere, and who could help. Each is lived through anew by the
// program, which takes its time: one is asked at a time, and of those that come meanwhile only the last.
import type { AheadAdvice, AheadChange, AheadWhatIf, Host, Problem } from '../host/host';
import { asProblem } from '../host/host';

export class WhatIf {
  answer = $state.raw<AheadWhatIf | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** What is asked last is not answered yet. */
  busy = $state(false);
  #wanted: readonly AheadChange[] = [];
  #asking = false;

  constructor(private readonly host: Host) {}

  /** What would come of these; of none there is nothing to say. */
  async look(changes: readonly AheadChange[]): Promise<void> {
    this.#wanted = changes;
    if (!changes.length) [this.answer, this.problem] = [null, null];
    this.busy = changes.length > 0;
    if (this.#asking) return;
    this.#asking = true;
    while (this.busy) {
      const asked = this.#wanted;
      try {
        const answer = await this.host.ask('ahead_what_if', { changes: [...asked] });
        if (asked === this.#wanted) [this.answer, this.problem] = [answer, null];
      } catch (error) {
        if (asked === this.#wanted) [this.answer, this.problem] = [null, asProblem(error)];
      }
      if (asked === this.#wanted) this.busy = false;
    }
    this.#asking = false;
  }
}

export class Advice {
  answer = $state.raw<AheadAdvice | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);

  constructor(private readonly host: Host) {}

  async look(campaign: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      [this.answer, this.problem] = [await this.host.ask('ahead_advise', { campaign }), null];
    } catch (error) {
      [this.answer, this.problem] = [null, asProblem(error)];
    }
    this.busy = false;
  }
}
