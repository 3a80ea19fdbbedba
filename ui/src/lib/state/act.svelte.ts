// One thing to be done for a person, a call or a number, while its sheet is open: what is typed, what it becomes, and what
// became of it. What was chosen is there the next time, and what was typed until it went out.
import { type Act, type ActKind, ACTS, type FieldOf, type Target, type Values } from '../acts';
import type { Host, Operation, OwnPhone } from '../host/host';
import type { Drafts } from './drafts';
import { Sending } from './sending.svelte';

const NOBODY: OwnPhone = { extension: '', context: '', byLogin: false, user: '' };

export class ActState {
  readonly act: Act;
  readonly sending: Sending;
  values = $state.raw<Values>({});
  own = $state.raw<OwnPhone>(NOBODY);
  readonly #kept: string;
  #typed: Values = {};

  constructor(
    private readonly host: Host,
    private readonly drafts: Drafts,
    readonly kind: ActKind,
    readonly target: Target,
    /** What stands in the fields to begin with. */
    private readonly first: Values,
    /** Remembers an extension that was asked for. */
    private readonly remember: (own: { ownExtension: string; ownContext: string }) => void,
  ) {
    this.act = ACTS[kind];
    this.sending = new Sending(host);
    this.#kept = `act/${kind}`;
  }

  /** The fields shown with what is typed so far. */
  shown(more: boolean): FieldOf[] {
    return this.act.fields.filter((one) => !one.more === !more && (one.when?.(this.values) ?? true));
  }

  async start(): Promise<void> {
    const [own, kept] = await Promise.all([
      this.host.ask('own_phone', {}).catch(() => NOBODY),
      this.drafts.read(this.#kept),
    ]);
    this.own = own;
    const last = kept ? (JSON.parse(kept) as Record<string, string>) : {};
    const known = Object.fromEntries(
      this.act.fields
        .filter((one) => one.kept && last[one.name])
        .map((one) => [one.name, last[one.name] ?? '']),
    );
    const { extension, context } = own;
    // Typed in the meantime wins over what was kept.
    this.values = { extension, context, ...this.first, ...known, ...this.values };
    await this.#propose();
  }

  async type(name: string, value: string): Promise<void> {
    this.values = { ...this.values, [name]: value };
    this.#typed = { ...this.#typed, [name]: value };
    await this.#propose();
  }

  /** What was typed, unless it went out or may have. */
  get unsent(): Values {
    return this.sending.over ? {} : this.#typed;
  }

  /** As it would be asked for. */
  get operation(): Operation {
    return this.act.build(this.values, this.target, this.own);
  }

  async #propose(): Promise<void> {
    await this.sending.propose(this.operation);
  }

  async send(): Promise<void> {
    const kept = this.act.fields
      .filter((one) => one.kept)
      .map((one) => [one.name, this.values[one.name] ?? '']);
    if (kept.length) this.drafts.keep(this.#kept, JSON.stringify(Object.fromEntries(kept)));
    const { extension = '', context = '' } = this.values;
    const asked = this.act.fields.some((one) => one.name === 'extension') && !this.own.byLogin;
    if (asked && extension !== this.own.extension)
      this.remember({ ownExtension: extension, ownContext: context });
    await this.sending.send();
  }
}
