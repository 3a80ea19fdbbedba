// The same thing for many numbers: whom the calls chosen are of, each number once, and the batch it becomes. Left out on
// purpose: sending it (`batches`), and words.
import { type Act, type ActKind, ACTS, firstValues, tidyNumber, type Values } from '../acts';
import type { BatchKind, BatchRequest, Call, Campaign, Host, Operation, OwnPhone } from '../host/host';
import { BatchSending } from './batches.svelte';
import { numberOf } from './calls-search';
import type { Drafts } from './drafts';
import { Sending } from './sending.svelte';

export type ManyKind = Extract<ActKind, 'task' | 'sms' | 'blacklist'>;

/** A call, and when its number was answered later; `null`: not, in what was fetched. */
export interface Chosen {
  call: Call;
  answeredLater: string | null;
}

/** One number of those chosen. */
export interface Of {
  number: string;
  /** Calls with it among those chosen. */
  calls: number;
  /** The first of them that nobody answered, server-local text: an answer after it means that they were reached. */
  since: string;
  campaign: string;
  /** When it was answered later, in what was fetched; `null`: not. */
  reached: string | null;
}

const KINDS: Record<ManyKind, BatchKind> = { task: 'tasks', sms: 'messages', blacklist: 'blacklist' };
const NOBODY: OwnPhone = { extension: '', context: '', byLogin: false, user: '' };
/** Rows asked for at once. */
const PAGE = 1000;

/** Each number once, with its newest call first; calls without one are counted. */
export function numbersOf(rows: readonly Chosen[]): { numbers: Of[]; withheld: number } {
  const found = new Map<string, Of>();
  let withheld = 0;
  for (const { call, answeredLater } of rows) {
    const number = tidyNumber(numberOf(call));
    if (!/^\+?\d[\d-]*$/.test(number)) {
      withheld += 1;
      continue;
    }
    const one = found.get(number);
    const since = call.startedAt;
    if (!one) {
      found.set(number, { number, calls: 1, since, campaign: call.campaign, reached: answeredLater });
      continue;
    }
    one.calls += 1;
    if (since > one.since) [one.since, one.campaign, one.reached] = [since, call.campaign, answeredLater];
  }
  return { numbers: [...found.values()], withheld };
}

export class ManyState {
  readonly act: Act;
  readonly batch: BatchSending;
  /** The first of them as it would go out: what is wrong with it is wrong with all. */
  readonly sample: Sending;
  values = $state.raw<Values>({});
  numbers = $state.raw<readonly Of[]>([]);
  withheld = $state(0);
  left = $state.raw<ReadonlySet<string>>(new Set());
  loading = $state(true);
  own = $state.raw<OwnPhone>(NOBODY);

  constructor(
    private readonly host: Host,
    private readonly drafts: Drafts,
    readonly kind: ManyKind,
    /** Those nobody answered are called back: who was reached since is left out. */
    readonly callBack: boolean,
    /** The calls chosen; `null`: all that the list shows. */
    private readonly rows: readonly Chosen[] | null,
    private readonly campaigns: () => readonly Campaign[],
  ) {
    this.act = ACTS[kind];
    this.batch = new BatchSending(host);
    this.sample = new Sending(host);
  }

  /** Those to whom it is done. */
  chosen = $derived(this.numbers.filter((one) => !this.left.has(one.number)));

  async start(): Promise<void> {
    const [own, kept, rows] = await Promise.all([
      this.host.ask('own_phone', {}).catch(() => NOBODY),
      this.drafts.read(`act/${this.kind}`),
      this.rows ?? this.#all(),
    ]);
    const { numbers, withheld } = numbersOf(rows);
    [this.own, this.numbers, this.withheld] = [own, numbers, withheld];
    // Who was reached since is shown, and left out to begin with.
    this.left = new Set(this.callBack ? numbers.filter((one) => one.reached).map((one) => one.number) : []);
    const last = kept ? (JSON.parse(kept) as Record<string, string>) : {};
    const known = Object.fromEntries(
      this.act.fields
        .filter((one) => one.kept && last[one.name])
        .map((one) => [one.name, last[one.name] ?? '']),
    );
    const of = new Set(numbers.map((one) => one.campaign));
    const [only = ''] = of.size === 1 ? of : [];
    const target = { number: '', campaign: only };
    this.values = { ...firstValues(this.kind, target, this.campaigns()), ...known, ...this.values };
    this.loading = false;
    await this.#look();
  }

  async #all(): Promise<Chosen[]> {
    const rows: Chosen[] = [];
    for (;;) {
      const slice = await this.host.ask('calls_slice', { from: rows.length, count: PAGE });
      rows.push(...slice.rows);
      if (!slice.rows.length || rows.length >= slice.shown) return rows;
    }
  }

  async toggle(number: string): Promise<void> {
    const left = new Set(this.left);
    if (!left.delete(number)) left.add(number);
    this.left = left;
    await this.#look();
  }

  async type(name: string, value: string): Promise<void> {
    this.values = { ...this.values, [name]: value };
    await this.#look();
  }

  #of(one: Of): Operation {
    const { number, campaign } = one;
    const values = { ...this.values, destination: number, number, phone: number };
    return this.act.build(values, { number, campaign }, this.own);
  }

  /** The blacklist takes all in one request. */
  #operations(): { label: string; operation: Operation; since: Of | null }[] {
    if (this.kind !== 'blacklist' || this.chosen.length < 2)
      return this.chosen.map((one) => ({
        label: one.number,
        operation: this.#of(one),
        since: this.callBack ? one : null,
      }));
    const many = this.chosen.flatMap((one) => {
      const operation = this.#of(one);
      return operation.operation === 'blacklist' && 'one' in operation.numbers ? [operation.numbers.one] : [];
    });
    const operation: Operation = { operation: 'blacklist', change: 'add', numbers: { many } };
    return [{ label: String(many.length), operation, since: null }];
  }

  async #look(): Promise<void> {
    await this.sample.propose(this.#operations()[0]?.operation ?? null);
  }

  get ready(): boolean {
    return this.sample.checked !== null && !this.sample.flaws.length && !this.batch.busy && !this.batch.batch;
  }

  async send(title: string): Promise<void> {
    if (!this.ready) return;
    const kept = this.act.fields
      .filter((one) => one.kept)
      .map((one) => [one.name, this.values[one.name] ?? '']);
    if (kept.length) this.drafts.keep(`act/${this.kind}`, JSON.stringify(Object.fromEntries(kept)));
    const items = this.#operations().map(({ label, operation, since }) => ({
      label,
      operation,
      unlessReachedSince: since ? { number: since.number, moment: since.since } : null,
    }));
    const kind = this.callBack ? 'callBack' : KINDS[this.kind];
    const request: Omit<BatchRequest, 'key'> = { title, kind, items };
    await this.batch.begin(request);
  }
}
