// Tags of calls: what is known here, what is under way, and what is being typed. A tag is sent once, because somebody
// asked for it; nothing here sends one again by itself.
import type { Call, Host, Problem, Tag } from '../host/host';
import { asProblem } from '../host/host';
import { numberOf } from './calls-search';
import { Drafts } from './drafts';

const draftKey = (guid: string) => `tag/${guid}`;
const NONE: Tag[] = [];

export class TagsState {
  recent = $state.raw<string[]>([]);
  draft = $state('');
  problem = $state.raw<Problem | null>(null);
  /** The tag being looked for, as `guid/text`. */
  checking = $state<string | null>(null);
  /** The tag somebody tried to send twice. */
  repeated = $state<string | null>(null);
  // A plain index with one counter: 100,000 calls must not become 100,000 reactive entries.
  #byGuid = new Map<string, Tag[]>();
  #version = $state(0);
  #guid: string | null = null;

  constructor(
    private readonly host: Host,
    private readonly drafts = new Drafts(host),
  ) {}

  async start(): Promise<void> {
    await this.host.stream('tags_watch', {}, (tag) => this.take(tag));
  }

  take(tag: Tag): void {
    const others = (this.#byGuid.get(tag.guid) ?? []).filter((one) => one.text !== tag.text);
    this.#byGuid.set(
      tag.guid,
      [...others, tag].sort((a, b) => a.atMs - b.atMs),
    );
    this.#version += 1;
  }

  of(guid: string): Tag[] {
    void this.#version;
    return this.#byGuid.get(guid) ?? NONE;
  }

  /** What is known of these calls. */
  async learn(guids: string[]): Promise<void> {
    if (!guids.length) return;
    const tags = await this.host.ask('tags_for', { guids }).catch(() => NONE);
    const known = new Map<string, Tag[]>();
    for (const tag of tags) known.set(tag.guid, [...(known.get(tag.guid) ?? []), tag]);
    for (const [guid, list] of known) {
      // What is being sent from here at this moment is newer than what the program has kept.
      const sending = this.of(guid).filter(
        (one) => one.state === 'sending' && !list.some((t) => t.text === one.text),
      );
      this.#byGuid.set(guid, [...list, ...sending]);
    }
    if (known.size) this.#version += 1;
  }

  /** Another call is looked at: what was being typed for it comes back. */
  async look(call: Call | null): Promise<void> {
    if ((call?.guid ?? null) === this.#guid) return;
    this.#guid = call?.guid ?? null;
    this.draft = '';
    this.problem = null;
    this.repeated = null;
    if (!call) return;
    const guid = call.guid;
    const kept = await this.drafts.read(draftKey(guid));
    // Typed in the meantime wins over what was kept.
    if (this.#guid === guid && kept && !this.draft) this.draft = kept;
  }

  async learnRecent(): Promise<void> {
    this.recent = await this.host.ask('tags_recent', {}).catch(() => this.recent);
  }

  typed(text: string): void {
    this.draft = text;
    this.repeated = null;
    if (this.#guid !== null) this.drafts.keep(draftKey(this.#guid), text.trim() ? text : null);
  }

  #request(call: Call, text: string) {
    return { guid: call.guid, phone: numberOf(call), startedAt: call.startedAt, text };
  }

  /** Sent once. What was typed goes only when the program has taken it. */
  async send(call: Call, text: string): Promise<void> {
    const clean = text.trim();
    if (!clean) return;
    this.problem = null;
    const there = this.of(call.guid).find((one) => one.text === clean);
    if (there && there.state !== 'failed') {
      this.repeated = clean;
      return;
    }
    this.repeated = null;
    this.take({
      guid: call.guid,
      text: clean,
      state: 'sending',
      atMs: there?.atMs ?? Date.now(),
      problem: null,
    });
    try {
      this.take(await this.host.ask('tag_send', { request: this.#request(call, clean) }));
      if (this.#guid === call.guid && this.draft.trim() === clean) {
        this.draft = '';
        this.drafts.keep(draftKey(call.guid), null);
      }
      await this.learnRecent();
    } catch (error) {
      // Nothing was sent: the chip goes (or is what it was), what was typed stays.
      this.#byGuid.set(
        call.guid,
        this.of(call.guid).flatMap((one) => (one.text !== clean ? [one] : there ? [there] : [])),
      );
      this.#version += 1;
      this.problem = asProblem(error);
      if (this.#guid === call.guid && !this.draft) this.typed(clean);
    }
  }

  /** Looks once more whether the server shows it. */
  async check(call: Call, text: string): Promise<void> {
    const key = `${call.guid}/${text}`;
    if (this.checking === key) return;
    this.checking = key;
    this.problem = null;
    try {
      this.take(await this.host.ask('tag_check', { request: this.#request(call, text) }));
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      if (this.checking === key) this.checking = null;
    }
  }
}
