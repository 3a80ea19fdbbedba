// A tipificación of one call: what is typed is kept, combinations known to work are offered, and it is sent once.
import type { Call, Disposition, DispositionRequest, Host, Problem, WriteOutcome } from '../host/host';
import { failureOf } from '../host/host';
import { numberOf } from './calls-search';
import type { Drafts } from './drafts';
import type { Files } from './files';

const EMPTY = {
  level1: '',
  level2: '',
  level3: '',
  d1: '',
  d2: '',
  comment: '',
  schedule: '',
  campaignToReschedule: '',
  tag: '',
};

export class DispositionState {
  /** Combinations known to work with the campaign. */
  known = $state.raw<Disposition[]>([]);
  /** One just forgotten, to be put back. */
  removed = $state.raw<Disposition | null>(null);
  /** As it is typed. */
  levels = $state({ ...EMPTY });
  /** As it will be sent. */
  shown = $state.raw<DispositionRequest | null>(null);
  sending = $state(false);
  /** How the last sending ended; `null` before, and when nothing was sent. */
  outcome = $state.raw<WriteOutcome | null>(null);
  /** Why it was not done, or nobody knows whether it was. */
  problem = $state.raw<Problem | null>(null);
  /** Why a combination could not be forgotten or put back. */
  notKept = $state.raw<Problem | null>(null);
  readonly #key: string;

  constructor(
    private readonly host: Host,
    private readonly files: Files,
    private readonly drafts: Drafts,
    private readonly call: Call,
  ) {
    this.#key = `disposition/${call.guid}`;
  }

  async start(): Promise<void> {
    await this.#learn();
    const kept = await this.drafts.read(this.#key);
    // Typed in the meantime wins over what was kept.
    const typed = Object.values(this.levels).some((one) => one !== '');
    if (kept && !typed) this.levels = { ...EMPTY, ...(JSON.parse(kept) as typeof EMPTY) };
  }

  async #learn(): Promise<void> {
    const { campaign } = this.call;
    this.known = await this.host.ask('dispositions', { campaign }).catch(() => []);
  }

  typed(): void {
    this.drafts.keep(this.#key, JSON.stringify(this.levels));
  }

  choose({ level1, level2, level3 }: Disposition): void {
    this.levels = { ...this.levels, level1, level2, level3 };
    this.typed();
  }

  /** Shows it as it will be sent. */
  show(): void {
    const { call, levels } = this;
    this.problem = this.outcome = null;
    this.shown = {
      campaign: call.campaign,
      agent: call.agent ?? '',
      phone: numberOf(call),
      guid: call.guid,
      ...levels,
      schedule: levels.schedule ? `${levels.schedule.replace('T', ' ')}:00`.slice(0, 19) : '',
    };
  }

  async send(): Promise<void> {
    const { shown: request } = this;
    if (!request || this.sending) return;
    this.sending = true;
    this.outcome = null;
    let said: Problem | null = null;
    const failed = await failureOf(async () => {
      const written = await this.host.ask('disposition_send', { request });
      [this.outcome, said] = [written.outcome, written.problem];
      if (written.outcome === 'done') this.drafts.keep(this.#key, null);
    });
    this.problem = failed ?? said;
    this.sending = false;
  }

  /** Takes combinations from a table the person chooses; gives how many were taken and left out. */
  async take(title: string): Promise<{ taken: number; leftOut: number } | null> {
    let done: { taken: number; leftOut: number } | null = null;
    this.problem = null;
    this.problem = await failureOf(async () => {
      const text = await this.files.openTable(title);
      if (text === null) return;
      done = await this.host.ask('dispositions_import', { text });
      await this.#learn();
    });
    return done;
  }

  async forget(one: Disposition): Promise<void> {
    await this.#keep('disposition_forget', one, one);
  }

  async putBack(one: Disposition): Promise<void> {
    await this.#keep('disposition_put_back', one, null);
  }

  async #keep(
    command: 'disposition_forget' | 'disposition_put_back',
    one: Disposition,
    removed: Disposition | null,
  ): Promise<void> {
    this.notKept = null;
    this.notKept = await failureOf(async () => {
      await this.host.ask(command, { one });
      await this.#learn();
      this.removed = removed;
    });
  }
}
