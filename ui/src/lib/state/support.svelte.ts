// The report for support as it would be handed on, and what broke the last time. Nothing is sent: it is shown, then written
// where somebody wants it. What they say of it is kept with every keystroke, and while the report is asked for again the one
// before stays.
import type { Breakdown, Host, Problem } from '../host/host';
import { failureOf } from '../host/host';
import type { Drafts } from './drafts';

const DRAFT = 'support';

export class SupportState {
  /** What broke and was not shown yet. */
  broke = $state.raw<Breakdown | null>(null);
  /** The report is looked at. */
  open = $state(false);
  /** What somebody says of it. */
  happened = $state('');
  /** Names of campaigns, people and servers are in it. */
  names = $state(false);
  /** As it would be written; `null` before it was gathered. */
  text = $state.raw<string | null>(null);
  /** Where it was written to. */
  written = $state.raw<string | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** It is being gathered. */
  #gathering = false;
  /** And something of it is different meanwhile. */
  #again = false;

  constructor(
    private readonly host: Host,
    private readonly drafts: Drafts,
  ) {}

  /** Whether something broke before this start. */
  async look(): Promise<void> {
    this.broke = await this.host.ask('broke_last', {}).catch(() => null);
  }

  /** Opens the report, with what was said of it before. */
  async show(): Promise<void> {
    this.open = true;
    this.written = null;
    if (this.happened === '') this.happened = (await this.drafts.read(DRAFT)) ?? '';
    await this.gather();
  }

  say(happened: string): void {
    this.happened = happened;
    this.drafts.keep(DRAFT, happened || null);
    void this.gather();
  }

  choose(names: boolean): void {
    this.names = names;
    void this.gather();
  }

  /** Asks for it as it would be now: one question at a time, however fast somebody types, and once more where it is of
   *  other words by then. */
  async gather(): Promise<void> {
    this.#again = true;
    if (this.#gathering) return;
    this.#gathering = true;
    while (this.#again) {
      this.#again = false;
      const { happened, names } = this;
      let text: string | null = null;
      this.problem = await failureOf(async () => {
        text = await this.host.ask('support_report', { happened, names });
      });
      if (text !== null) this.text = text;
    }
    this.#gathering = false;
  }

  /** Writes it as it is shown, and forgets what was said: it is in the file. */
  async save(title: string, name: string): Promise<void> {
    const { text } = this;
    if (text === null) return;
    this.problem = await failureOf(async () => {
      const path = await this.host.ask('support_save', { title, name, text });
      if (path === null) return;
      this.written = path;
      this.drafts.keep(DRAFT, null);
    });
  }

  /** It was looked at: what broke is not offered again. */
  close(): void {
    if (this.written !== null) this.happened = '';
    this.open = false;
    this.text = null;
    this.away();
  }

  /** Not now, and not for this again. */
  away(): void {
    if (!this.broke) return;
    this.broke = null;
    this.host.ask('broke_seen', {}).catch(() => undefined);
  }
}
