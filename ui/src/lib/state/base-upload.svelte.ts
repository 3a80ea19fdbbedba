// A person's file on its way to the server: read, its columns understood, every row checked, and the good ones sent. The
// program holds the file and its rows; here is how far it is. Left out on purpose: words, and where the file is chosen.
import type {
  BaseKind,
  BaseRequest,
  CheckedBase,
  CheckedRow,
  CheckUpdate,
  ColumnSeen,
  FileTaken,
  Host,
  Mapping,
  Problem,
  RowsWanted,
  TakeUpdate,
} from '../host/host';
import { asProblem } from '../host/host';
import { separator } from '../separator';
import { BatchSending } from './batches.svelte';
import { Slices } from './slices.svelte';

/** Typing goes on before it is checked. */
const CHECK_AFTER_MS = 300;

const NO_MAPPING: Mapping = {
  header: true,
  phone: null,
  campaign: null,
  parameters: [],
  readyParameters: null,
  alternatives: [],
  priority: null,
  samePriority: null,
  agentphone: null,
  text: '',
};

export class BaseUpload {
  kind = $state<BaseKind>('calls');
  file = $state.raw<FileTaken | null>(null);
  columns = $state.raw<ColumnSeen[]>([]);
  mapping = $state.raw<Mapping>(NO_MAPPING);
  campaign = $state('');
  /** Of calls; empty: the server's own. */
  timezone = $state('');
  /** Rows read so far, while a file is being read. */
  reading = $state<number | null>(null);
  /** How far the check is. */
  checking = $state.raw<{ rows: number; total: number } | null>(null);
  /** What was checked, as it would go out; `null` while that is not known. */
  base = $state.raw<CheckedBase | null>(null);
  wanted = $state.raw<RowsWanted>({ kind: 'all' });
  problem = $state.raw<Problem | null>(null);
  /** Where the rows left out were written. */
  saved = $state<string | null>(null);
  readonly rows: Slices<CheckedRow>;
  readonly sending: BatchSending;
  #shown = 0;
  #turn = 0;
  #reads = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: Host,
    /** Something was sent. */
    onsent: () => void = () => undefined,
  ) {
    this.sending = new BatchSending(host, onsent);
    this.rows = new Slices(async (from, count) => {
      const checked = this.#shown;
      const { total, rows } = await host.ask('outreach_rows', { checked, wanted: this.wanted, from, count });
      return { total, rows };
    });
  }

  /** It can be checked: what has to be chosen is. */
  get whole(): boolean {
    const { phone, text } = this.mapping;
    const said = this.kind === 'calls' || text.trim() !== '';
    return this.file !== null && phone !== null && this.campaign !== '' && said;
  }

  /** It can be sent, as it is shown. */
  get ready(): boolean {
    return this.base !== null && this.base.good > 0 && !this.sending.batch && !this.sending.busy;
  }

  /** A base of the other kind is made of the same file, which is understood anew. */
  async turnTo(kind: BaseKind): Promise<void> {
    if (kind === this.kind || this.sending.busy) return;
    this.kind = kind;
    this.campaign = '';
    this.sending.reset();
    this.#uncheck();
    if (!this.file) return;
    try {
      const file = await this.host.ask('outreach_file', { kind });
      if (kind === this.kind && file) this.#understand(file);
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** Lets the person choose a file, and reads it. */
  async pick(title: string): Promise<void> {
    try {
      const path = await this.host.ask('outreach_pick', { title });
      if (path !== null) await this.take(path);
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  async take(path: string): Promise<void> {
    if (this.sending.busy) return;
    const read = ++this.#reads;
    [this.problem, this.reading] = [null, 0];
    try {
      await this.host.stream('outreach_take', { path, kind: this.kind }, (update) => {
        if (read === this.#reads) this.#taken(update);
      });
    } catch (error) {
      if (read === this.#reads) [this.reading, this.problem] = [null, asProblem(error)];
    }
  }

  #taken(update: TakeUpdate): void {
    if (update.kind === 'reading') {
      this.reading = update.rows;
      return;
    }
    this.reading = null;
    if (update.kind === 'failed') this.problem = update.problem;
    if (update.kind !== 'taken') return;
    this.sending.reset();
    this.#understand(update.file);
  }

  #understand(file: FileTaken): void {
    [this.file, this.columns, this.mapping] = [file, file.columns, file.mapping];
    this.problem = null;
    this.#uncheck();
    this.#soon(0);
  }

  /** Stops reading the file, or checking it. */
  stop(): void {
    this.host.ask('outreach_stop_reading', {}).catch(() => undefined);
  }

  /** Another base: the file is let go. */
  async another(): Promise<void> {
    if (this.sending.busy) return;
    this.sending.reset();
    this.#uncheck();
    [this.file, this.columns, this.mapping, this.problem] = [null, [], NO_MAPPING, null];
    await this.host.ask('outreach_let_go', {}).catch(() => undefined);
  }

  /** Says anew what columns mean. */
  map(parts: Partial<Mapping>): void {
    this.mapping = { ...this.mapping, ...parts };
    this.#changed();
  }

  sendTo(campaign: string): void {
    this.campaign = campaign;
    this.#changed();
  }

  callIn(timezone: string): void {
    this.timezone = timezone;
    this.#changed();
  }

  /** The first row names the columns, or is a row. */
  async withHeader(header: boolean): Promise<void> {
    const { file } = this;
    if (!file) return;
    try {
      const columns = await this.host.ask('outreach_columns', { file: file.id, header });
      if (this.file?.id !== file.id) return;
      this.columns = columns;
      const parameters = this.mapping.parameters.map(({ column }) => ({ column, name: this.named(column) }));
      this.map({ header, parameters });
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** What a parameter of this column is called: like its header, else by its place. */
  named(column: number): string {
    return this.columns[column]?.name.trim().replace(/[;:=]/g, ' ') || `p${column + 1}`;
  }

  #changed(): void {
    // What was checked is no longer what would go out.
    if (this.sending.batch && !this.sending.busy) this.sending.reset();
    this.base = null;
    this.#soon(CHECK_AFTER_MS);
  }

  #uncheck(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
    [this.base, this.checking, this.saved] = [null, null, null];
    this.wanted = { kind: 'all' };
    this.rows.clear();
  }

  #soon(ms: number): void {
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    this.checking = null;
    if (!this.whole) return;
    this.#timer = setTimeout(() => void this.check(turn), ms);
  }

  /** Checks every row as it would go out; another check under way is forgotten. */
  async check(turn = ++this.#turn): Promise<void> {
    const { file, kind, campaign, mapping } = this;
    if (!file || !this.whole || turn !== this.#turn) return;
    const timezone = (kind === 'calls' && this.timezone.trim()) || null;
    const request: BaseRequest = { file: file.id, kind, campaign, mapping, timezone };
    this.checking = { rows: 0, total: file.rows };
    [this.problem, this.saved] = [null, null];
    try {
      await this.host.stream('outreach_check', { request }, (update) => {
        if (turn === this.#turn) this.#checked(update);
      });
    } catch (error) {
      if (turn === this.#turn) [this.checking, this.problem] = [null, asProblem(error)];
    }
  }

  #checked(update: CheckUpdate): void {
    if (update.kind === 'going') {
      this.checking = { rows: update.rows, total: update.total };
      return;
    }
    this.checking = null;
    if (update.kind === 'failed') this.problem = update.problem;
    if (update.kind !== 'checked') return;
    this.base = update.base;
    this.#shown = update.base.id;
    if (!update.base.bad) this.wanted = { kind: 'all' };
    void this.rows.restart();
  }

  /** Shows all rows, those left out, or those left out for one reason. */
  show(wanted: RowsWanted): void {
    this.wanted = wanted;
    void this.rows.restart();
  }

  /** Writes the rows left out to a file, with their reasons in these words. */
  async saveBad(title: string, name: string, words: Record<string, string>): Promise<void> {
    if (!this.base) return;
    try {
      const args = { title, name, checked: this.base.id, separator: separator(), words };
      this.saved = await this.host.ask('outreach_save_bad', args);
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** Sends the good rows, once. */
  async send(): Promise<void> {
    const { base, file } = this;
    if (!base || !file || !this.ready) return;
    await this.sending.base(base.id, file.name);
  }
}
