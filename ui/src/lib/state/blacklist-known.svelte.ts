// The blacklist as far as it is known here: looked through, taken in from a file, sent from one, and written to one. Left
// out on purpose: one number at a time, which has a sheet of its own; and what others did, which the API cannot tell.
import type { BlacklistImport, BlacklistKnown, Host, Problem } from '../host/host';
import { asProblem } from '../host/host';
import { separator } from '../separator';
import { BatchSending } from './batches.svelte';
import { Slices } from './slices.svelte';

const LOOK_AFTER_MS = 200;

export class BlacklistKnownState {
  text = $state('');
  /** Known in all, and those of them nobody is sure of. */
  all = $state(0);
  unsure = $state(0);
  problem = $state.raw<Problem | null>(null);
  /** A file that was looked into: nothing of it is kept or sent yet. */
  looked = $state.raw<{ path: string; name: string; holds: BlacklistImport } | null>(null);
  /** Numbers of a file that are known here by now. */
  takenIn = $state<number | null>(null);
  saved = $state<string | null>(null);
  busy = $state(false);
  readonly numbers: Slices<BlacklistKnown>;
  readonly sending: BatchSending;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: Host,
    onsent: () => void = () => undefined,
  ) {
    this.sending = new BatchSending(host, () => {
      void this.numbers.refresh();
      onsent();
    });
    this.numbers = new Slices(async (from, count) => {
      const { text } = this;
      const page = await host.ask('outreach_blacklist', { text, from, count });
      if (!text) this.all = page.total;
      this.unsure = page.unsure;
      return { total: page.total, rows: page.numbers };
    });
  }

  find(text: string): void {
    this.text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.numbers.restart(), LOOK_AFTER_MS);
  }

  /** Lets the person choose a file of numbers, and looks into it. */
  async pick(title: string): Promise<void> {
    if (this.sending.busy) return;
    await this.#work(async () => {
      const path = await this.host.ask('outreach_pick', { title });
      if (path !== null) await this.#look(path);
    });
  }

  /** Looks into a file of numbers. */
  async take(path: string): Promise<void> {
    if (!this.sending.busy) await this.#work(() => this.#look(path));
  }

  async #look(path: string): Promise<void> {
    const holds = await this.host.ask('outreach_blacklist_look', { path });
    this.sending.reset();
    this.takenIn = null;
    this.looked = { path, name: path.split(/[\\/]/).at(-1) ?? path, holds };
  }

  /** Only known here: somebody else put them on the list. */
  async takeIn(): Promise<void> {
    const { looked } = this;
    if (!looked) return;
    await this.#work(async () => {
      this.takenIn = (await this.host.ask('outreach_blacklist_take_in', { path: looked.path })).taken;
      await this.numbers.restart();
    });
  }

  /** Puts them on the list at the server. */
  async send(): Promise<void> {
    if (this.looked) await this.sending.blacklist(this.looked.path);
  }

  /** The file is put away; a batch under way goes on. */
  close(): void {
    this.sending.reset();
    [this.looked, this.takenIn, this.problem] = [null, null, null];
  }

  async save(title: string, name: string): Promise<void> {
    await this.#work(async () => {
      this.saved = await this.host.ask('outreach_blacklist_save', { title, name, separator: separator() });
    });
  }

  async #work(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    [this.busy, this.problem] = [true, null];
    try {
      await work();
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.busy = false;
  }
}
