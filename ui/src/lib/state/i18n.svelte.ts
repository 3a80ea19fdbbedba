// The catalogue in the language of the moment: reading a text here makes what shows it follow a change of language.
import { count } from '../format';
import * as catalogue from '../paraglide/messages.js';
import type { Problem } from '../host/host';

export type Locale = 'en' | 'es' | 'pt-BR';
export type TextKey = keyof typeof catalogue;

/** A number in a text: written as the language does, and still a number where the words around it follow how many. */
class Amount {
  constructor(
    private readonly value: number,
    private readonly locale: Locale,
  ) {}

  /** The number that the words around it follow: Brazil says "0 chamadas", where Unicode's rules of Portuguese have the
   *  singular for nought. */
  valueOf = (): number => (this.value === 0 && this.locale === 'pt-BR' ? 2 : this.value);
  toString = (): string => count(this.value, this.locale);
}

type Message = (params: Record<string, string | Amount>, options: { locale: Locale }) => string;

const messages = catalogue as unknown as Record<string, Message | undefined>;

export function systemLocale(languages: readonly string[]): Locale {
  for (const language of languages) {
    if (language.startsWith('es')) return 'es';
    if (language.startsWith('pt')) return 'pt-BR';
    if (language.startsWith('en')) return 'en';
  }
  return 'en';
}

class I18n {
  locale = $state<Locale>('en');

  set(locale: Locale): void {
    this.locale = locale;
    document.documentElement.lang = locale;
  }

  text = (key: TextKey, params: Record<string, string | number> = {}): string =>
    messages[key]?.(this.#written(params), { locale: this.locale }) ?? key;

  /** The same in a language that is not the window's. */
  textIn = (locale: Locale, key: TextKey, params: Record<string, string> = {}): string =>
    messages[key]?.(params, { locale }) ?? key;

  #written(params: Record<string, string | number>): Record<string, string | Amount> {
    return Object.fromEntries(
      Object.entries(params).map(([name, value]) => [
        name,
        typeof value === 'number' ? new Amount(value, this.locale) : value,
      ]),
    );
  }

  /** Whether there is such a text. */
  has = (key: string): boolean => key in messages;

  /** Whether there are words of ours for what went wrong. */
  knows = (code: string): boolean => this.has(`problem_${code}`);

  /** What happened, what it means and what to do. */
  problem = (problem: Problem): string => {
    const message = messages[`problem_${problem.code}`] ?? messages.problem_unexpected;
    const text =
      message?.({ detail: '', what: '', ...problem.params }, { locale: this.locale }) ?? problem.code;
    const detail = problem.params.detail;
    return detail && !text.includes(detail) ? `${text} (${detail})` : text;
  };
}

export const i18n = new I18n();
export const t = i18n.text;
