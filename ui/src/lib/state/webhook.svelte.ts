// Messages of alerts to a chat: where they go, what one looks like, and what became of the last.
import type { Host, Problem, WebhookState, WebhookWords } from '../host/host';
import { failureOf } from '../host/host';

type Asked = 'webhook_state' | 'webhook_forget' | 'webhook_test' | 'webhook_resume';

export class ChatState {
  now = $state.raw<WebhookState | null>(null);
  /** The body of a message, exactly as it would go. */
  preview = $state('');
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);

  constructor(private readonly host: Host) {}

  /** What was known stays when it cannot be asked. */
  async look(): Promise<void> {
    this.now = await this.host.ask('webhook_state', {}).catch(() => this.now);
  }

  /** Gives the texts, and shows what a message of them looks like. */
  async show(words: WebhookWords): Promise<void> {
    const failure = await failureOf(async () => {
      await this.host.ask('webhook_words', { words });
      this.preview = await this.host.ask('webhook_preview', {});
    });
    if (failure) this.problem = failure;
  }

  /** Gives whether it was taken. */
  async keep(address: string): Promise<boolean> {
    await this.#trying(async () => {
      this.now = await this.host.ask('webhook_address', { typed: { address } });
    });
    return this.problem === null;
  }

  forget = (): Promise<void> => this.#ask('webhook_forget');
  test = (): Promise<void> => this.#ask('webhook_test');
  resume = (): Promise<void> => this.#ask('webhook_resume');

  #ask = (what: Asked): Promise<void> =>
    this.#trying(async () => void (this.now = await this.host.ask(what, {})));

  async #trying(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    this.problem = await failureOf(work);
    this.busy = false;
  }
}
