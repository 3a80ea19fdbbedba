// What broke in the window itself: said where it broke, or in a notice when no panel can say it; written down once.
import { type Host, isProblem } from '../host/host';
import { i18n } from './i18n.svelte';

export interface Broken {
  /** For people. */
  what: string;
  /** For whoever mends it. */
  details: string;
}

/** A panel that breaks with every figure must not fill the log. */
const MOST = 100;
/** A browser's way of saying that a size came a frame late: nothing is broken. */
const HARMLESS = /^ResizeObserver loop/;

export function broken(where: string, thrown: unknown): Broken {
  if (isProblem(thrown)) {
    return { what: i18n.problem(thrown), details: `${where}: ${JSON.stringify(thrown)}` };
  }
  const what = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  return { what, details: [`${where}: ${what}`, stack].filter((line) => line !== '').join('\n') };
}

export class Breakage {
  /** What no panel says in its place, until somebody puts it away. */
  loose = $state.raw<Broken | null>(null);
  /** Where it is written down. */
  write: (details: string) => void = (details) => console.error(details);

  /** From now on the program's log has it too. */
  writeTo(host: Host): void {
    this.write = (details) => {
      console.error(details);
      // A log that cannot be reached is no second thing that broke.
      host.ask('window_broke', { details }).catch(() => undefined);
    };
  }

  readonly #written = new Set<string>();
  readonly #away = new Set<string>();

  /** Writes down what broke, the same thing once. */
  tell(where: string, thrown: unknown): Broken {
    const one = broken(where, thrown);
    if (!this.#written.has(one.details) && this.#written.size < MOST) {
      this.#written.add(one.details);
      this.write(one.details);
    }
    return one;
  }

  /** The notice is put away, and does not come back for the same thing. */
  dismiss(): void {
    if (this.loose) this.#away.add(this.loose.details);
    this.loose = null;
  }

  /** Hears of what no panel caught, until what it gives back is called. */
  listen(): () => void {
    const error = ({ error, message }: ErrorEvent) => {
      if (!HARMLESS.test(message)) this.#loosen(error ?? message);
    };
    const rejected = ({ reason }: PromiseRejectionEvent) => this.#loosen(reason);
    addEventListener('error', error);
    addEventListener('unhandledrejection', rejected);
    return () => {
      removeEventListener('error', error);
      removeEventListener('unhandledrejection', rejected);
    };
  }

  #loosen(thrown: unknown): void {
    const one = this.tell('window', thrown);
    if (!this.#away.has(one.details)) this.loose = one;
  }
}

export const breakage = new Breakage();
