// Calibrations: the same call judged blind by several. Reviews are handed on as files or through a folder all can reach, and
// compared once all are in.
import type { Call, Calibration, Compared, Host, Problem } from '../host/host';
import { asProblem, failureOf } from '../host/host';
import type { Files } from './files';

export class CalibrationsState {
  list = $state.raw<Calibration[]>([]);
  compared = $state.raw<Compared | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Where one's own review was last written. */
  saved = $state.raw<string | null>(null);
  /** What the file taken last brought: a calibration that is new here, or whose reviews; nothing new: nobody's. */
  taken = $state.raw<{ name: string; fresh: boolean; who: string[] } | null>(null);
  #chosen = $state<string | null>(null);
  /** Counts what the person asked for: whatever was asked before is late. */
  #turn = 0;
  #watching = false;
  /** What the folder said last, when it could not be used. */
  #unusable: Problem | null = null;
  current = $derived(this.list.find((one) => one.id === this.#chosen) ?? null);

  constructor(
    private readonly host: Host,
    private readonly files: Files,
  ) {}

  async #trying(work: () => Promise<void>): Promise<void> {
    this.problem = this.saved = this.taken = null;
    this.problem = await failureOf(work);
  }

  async #read(id: string | null): Promise<void> {
    const turn = ++this.#turn;
    const list = await this.host.ask('calibrations', {});
    const chosen = id ?? list[0]?.id ?? null;
    const compared = chosen ? await this.host.ask('calibration_compared', { id: chosen }) : null;
    if (turn === this.#turn) [this.list, this.#chosen, this.compared] = [list, chosen, compared];
  }

  /** All of them, and one closely; without one named the first. */
  look(id: string | null = null): Promise<void> {
    return this.#trying(() => this.#read(id));
  }

  /** Others of the team changed something: what is looked at, chosen or said stays, but for what is new. */
  async others(): Promise<void> {
    const before = this.#chosen;
    // What was known stays when it cannot be asked.
    const list = await this.host.ask('calibrations', {}).catch(() => null);
    if (!list) return;
    this.list = list;
    const chosen = before ?? list[0]?.id;
    if (chosen === undefined) return;
    const compared = await this.host.ask('calibration_compared', { id: chosen }).catch(() => this.compared);
    // Unless the person went elsewhere meanwhile.
    if (this.#chosen === before) [this.#chosen, this.compared] = [chosen, compared];
  }

  begin(call: Call, card: string, name: string, people: number): Promise<void> {
    return this.#trying(async () => {
      const made = await this.host.ask('calibration_begin', { call, card, name, people });
      await this.#read(made.id);
    });
  }

  /** Takes and gives what is new in the folder. */
  exchange(): Promise<void> {
    return this.#trying(async () => {
      const id = this.#chosen;
      if (!id) return;
      await this.host.ask('calibration_exchange', { id });
      await this.#read(id);
    });
  }

  /**
   * Looks into the folder of the one that is chosen, unasked: what is looked at, chosen or said stays as it is, but for what is
   * new. A folder that does not answer yet is not asked again.
   */
  async watch(): Promise<void> {
    const id = this.current?.folder ? this.#chosen : null;
    if (!id || this.#watching) return;
    const turn = this.#turn;
    this.#watching = true;
    try {
      const one = await this.host.ask('calibration_exchange', { id });
      const known = this.list.find((before) => before.id === id);
      const news = known?.open !== one.open || known.reviewers.join('\n') !== one.reviewers.join('\n');
      const compared = news ? await this.host.ask('calibration_compared', { id }) : this.compared;
      if (turn !== this.#turn) return;
      if (news) this.list = this.list.map((before) => (before.id === id ? one : before));
      this.compared = compared;
      if (this.problem === this.#unusable) this.problem = null;
    } catch (error) {
      if (turn === this.#turn) this.problem = this.#unusable = asProblem(error);
    } finally {
      this.#watching = false;
    }
  }

  /** Shares it through a folder the person chooses. */
  share(title: string): Promise<void> {
    return this.#trying(async () => {
      const folder = this.current && (await this.files.folder(title));
      if (folder !== null) await this.#folder(folder);
    });
  }

  unshare(): Promise<void> {
    return this.#trying(() => this.#folder(null));
  }

  async #folder(folder: string | null): Promise<void> {
    const id = this.#chosen;
    if (!id) return;
    await this.host.ask('calibration_folder', { id, folder });
    await this.exchange();
  }

  /** Writes one's own review to a file, to hand on. */
  saveReview(title: string, name: string): Promise<void> {
    return this.#trying(async () => {
      const { current } = this;
      if (!current) return;
      const text = await this.host.ask('calibration_file', { id: current.id });
      const trail = { what: 'calibration', target: current.name };
      this.saved = await this.files.saveJson({ title, name, text }, trail);
    });
  }

  /** Takes a review somebody handed on. */
  take(title: string): Promise<void> {
    return this.#trying(async () => {
      const text = await this.files.openJson(title);
      if (text === null) return;
      const { id, name, reviewers } = await this.host.ask('calibration_import', { text });
      const before = this.list.find((one) => one.id === id);
      await this.#read(id);
      const who = reviewers.filter((one) => !before?.reviewers.includes(one));
      this.taken = { name, fresh: before === undefined, who };
    });
  }
}
