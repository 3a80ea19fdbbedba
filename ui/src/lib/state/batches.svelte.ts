// A batch being sent: begun once for what a person confirmed once, how far it is, a stop, and at its end what was not done.
// Left out on purpose: what it is of, and its words.
import type {
  Batch,
  BatchItem,
  BatchItemState,
  BatchRequest,
  Host,
  Problem,
  SendingUpdate,
} from '../host/host';
import { asProblem } from '../host/host';

/** Items of a report, of each kind. */
const REPORTED = 200;

/** Begins or goes on with a batch; how it goes is told to `on`. */
type Sender = (on: (update: SendingUpdate) => void) => Promise<Batch>;

export class BatchSending {
  /** As it stands; `null` before there is one. */
  batch = $state.raw<Batch | null>(null);
  /** Whose turn it is. */
  now = $state.raw<BatchItem | null>(null);
  /** It is being begun or sent. */
  busy = $state(false);
  /** It stopped before its end. */
  stopped = $state(false);
  /** Why it was not begun, or stopped by itself. */
  problem = $state.raw<Problem | null>(null);
  /** What ended since it was begun here, in its order. */
  ended = $state.raw<BatchItem[]>([]);
  /** What was refused or is not known, once it is over. */
  report = $state.raw<BatchItem[]>([]);
  #asked = { what: '', key: '' };
  #turn = 0;

  constructor(
    private readonly host: Host,
    /** Something was sent, or it is over. */
    private readonly onsent: () => void = () => undefined,
  ) {}

  /** Nothing of it is sent any more. */
  get over(): boolean {
    return this.batch !== null && !this.busy;
  }

  /** Begins a batch. While there is one, the same press begins no other: `reset` makes room. */
  async begin(request: Omit<BatchRequest, 'key'>): Promise<void> {
    if (this.busy || this.batch) return;
    const key = this.#keyOf(JSON.stringify(request));
    await this.#send((on) => this.host.stream('batch_begin', { request: { ...request, key } }, on));
  }

  /** The good rows that were checked, as bases named after the file. */
  async base(checked: number, name: string): Promise<void> {
    if (this.busy || this.batch) return;
    const key = this.#keyOf(`base ${checked} ${name}`);
    await this.#send((on) => this.host.stream('outreach_send_base', { checked, name, key }, on));
  }

  /** The numbers of a file, onto the blacklist. */
  async blacklist(path: string): Promise<void> {
    if (this.busy || this.batch) return;
    const key = this.#keyOf(`blacklist ${path}`);
    await this.#send((on) => this.host.stream('outreach_blacklist_send', { path, change: 'add', key }, on));
  }

  /** Sends what waits of a batch. */
  async goOn(id: number): Promise<void> {
    if (this.busy) return;
    await this.#send((on) => this.host.stream('batch_go_on', { id }, on));
  }

  /** How one goes that is under way already: begun from another sheet, or by a page that was loaded anew. */
  async follow(batch: Batch): Promise<void> {
    if (this.busy) return;
    [this.batch, this.ended, this.report] = [batch, [], []];
    await this.#send((on) => this.host.stream('batch_follow', { id: batch.id }, on));
  }

  /** Sends one item again that is not known: a person looked, and wants it so. */
  async sendAgain(id: number, place: number): Promise<void> {
    if (this.busy) return;
    await this.#send((on) => this.host.stream('batch_send_again', { id, place }, on));
  }

  /** A person found out that it was done. */
  countAsDone(id: number, place: number): Promise<void> {
    return this.#settle('batch_count_as_done', id, place);
  }

  /** It stays unknown, and is not asked about again. */
  leaveUnknown(id: number, place: number): Promise<void> {
    return this.#settle('batch_leave_unknown', id, place);
  }

  /** What waits of it is never sent. */
  async dropRest(id: number): Promise<void> {
    if (this.busy) return;
    try {
      const batch = await this.host.ask('batch_drop_rest', { id });
      if (this.batch?.id === id) this.batch = batch;
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.onsent();
  }

  /** Stops after the item that is being sent; what was sent stays, the rest waits. */
  stop(): void {
    this.host.ask('batch_stop', {}).catch(() => undefined);
  }

  /** What became of it elsewhere: somebody settled in another list what nobody knew. */
  async look(): Promise<void> {
    const id = this.over ? this.batch?.id : undefined;
    if (id === undefined) return;
    try {
      const asked = { id, state: null, from: 0, count: REPORTED };
      const [{ items }, all] = await Promise.all([
        this.host.ask('batch_items', asked),
        this.host.ask('batch_list', { unfinished: false }),
        this.#learn(id),
      ]);
      if (!this.over || this.batch?.id !== id) return;
      this.batch = all.find((one) => one.id === id) ?? this.batch;
      this.ended = this.ended.map((one) => items.find(({ place }) => place === one.place) ?? one);
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** Room for another batch; one under way stays. */
  reset(): void {
    if (this.busy) return;
    this.#turn += 1;
    this.#asked = { what: '', key: '' };
    this.batch = this.now = this.problem = null;
    [this.ended, this.report, this.stopped] = [[], [], false];
  }

  /** One for what a person confirmed once: asked for again after a failure it is the same batch. */
  #keyOf(what: string): string {
    if (this.#asked.what !== what) this.#asked = { what, key: crypto.randomUUID() };
    return this.#asked.key;
  }

  async #send(sender: Sender): Promise<void> {
    const turn = ++this.#turn;
    this.busy = true;
    [this.problem, this.stopped, this.now] = [null, false, null];
    let told = false;
    try {
      const batch = await sender((update) => {
        told = true;
        if (turn === this.#turn) this.#take(update);
      });
      if (told) return;
      if (this.batch?.id !== batch.id) this.ended = [];
      this.batch = batch;
      // Known already, or kept until the one under way is over: nothing will be told of it.
      if (!batch.underWay) await this.#finish(batch);
    } catch (error) {
      [this.busy, this.problem] = [false, asProblem(error)];
    }
  }

  #take(update: SendingUpdate): void {
    if (update.kind === 'turn') this.now = update.item;
    else if (update.kind === 'ended') {
      const { item, batch } = update;
      if (this.batch?.id !== batch.id) this.ended = [];
      this.batch = batch;
      this.now = null;
      this.ended = [...this.ended.filter((one) => one.place !== item.place), item]
        .sort((a, b) => a.place - b.place)
        .slice(-REPORTED);
      this.onsent();
    } else {
      [this.stopped, this.problem] = [update.stopped, update.problem];
      void this.#finish(update.batch);
    }
  }

  async #finish(batch: Batch): Promise<void> {
    this.batch = batch;
    this.now = null;
    this.busy = false;
    await this.#learn(batch.id);
    this.onsent();
  }

  async #learn(id: number): Promise<void> {
    const of = (state: BatchItemState) =>
      this.host.ask('batch_items', { id, state, from: 0, count: REPORTED }).then(
        ({ items }) => items,
        () => [],
      );
    const [unknown, refused] = await Promise.all([of('unknown'), of('refused')]);
    if (this.batch?.id === id) this.report = [...unknown.filter((one) => !one.left), ...refused];
  }

  async #settle(
    name: 'batch_count_as_done' | 'batch_leave_unknown',
    id: number,
    place: number,
  ): Promise<void> {
    try {
      const batch = await this.host.ask(name, { id, place });
      if (this.batch?.id === id) {
        this.batch = batch;
        const settled = (one: BatchItem): BatchItem =>
          one.place !== place
            ? one
            : name === 'batch_count_as_done'
              ? { ...one, state: 'done', problem: null }
              : { ...one, left: true };
        this.ended = this.ended.map(settled);
        await this.#learn(id);
      }
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.onsent();
  }
}

/** Batches in which something waits or is not known, and what nobody knows of each. */
export class UnfinishedBatches {
  list = $state.raw<Batch[]>([]);
  /** By batch: its items that are not known. */
  unknown = $state.raw<Readonly<Record<number, BatchItem[]>>>({});
  problem = $state.raw<Problem | null>(null);
  readonly sending: BatchSending;
  #turn = 0;

  constructor(
    private readonly host: Host,
    onsent: () => void = () => undefined,
  ) {
    this.sending = new BatchSending(host, () => {
      void this.look();
      onsent();
    });
  }

  /** They are on show: one that is under way is followed. */
  async open(): Promise<void> {
    await this.look();
    const underWay = this.list.find((one) => one.underWay);
    if (underWay) await this.sending.follow(underWay);
  }

  async look(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const list = await this.host.ask('batch_list', { unfinished: true });
      const items = await Promise.all(
        list.map(async ({ id, unknown }) => {
          if (!unknown) return [];
          const asked = { id, state: 'unknown' as const, from: 0, count: REPORTED };
          return (await this.host.ask('batch_items', asked)).items.filter((one) => !one.left);
        }),
      );
      if (turn !== this.#turn) return;
      this.list = list;
      this.unknown = Object.fromEntries(list.map(({ id }, at) => [id, items[at] ?? []]));
      this.problem = null;
    } catch (error) {
      if (turn === this.#turn) this.problem = asProblem(error);
    }
  }
}
