// The words of the trade: one for each thing in each language, what it means, and the words it must not be called by.
// The table is `terms.json`; column heads, figures, the help and docs/WORDS.md are made of it, and a test holds every
// message to it.
import table from '../../terms.json';
import { i18n, type Locale, t, type TextKey } from './state/i18n.svelte';

/** A thing's word in one language. */
export interface Word {
  term: string;
  /** As it stands where there is little room. */
  short?: string;
  /** Words for it that are not used here, as parts of a pattern. */
  not?: string[];
}

export type Term = Record<Locale, Word> & {
  /** The messages that name it: heads of columns, titles of figures. */
  heads?: TextKey[];
  /** Where a word that is not used for it means something else. */
  except?: TextKey[];
  /** Whether a message says what it means: `explain_` and its name here. */
  explained?: boolean;
};

export const TERMS = table as Record<string, Term>;
export type TermId = keyof typeof table;

const headed = new Map<TextKey, string>();
for (const [id, term] of Object.entries(TERMS)) for (const head of term.heads ?? []) headed.set(head, id);

/** What a head or a figure named by this message means, beginning with the whole word for it; null: it says so itself. */
export function explanation(head: TextKey): string | null {
  const id = headed.get(head);
  if (id === undefined) return null;
  const { term, means } = meaning(id);
  return means ? `${term}: ${means}` : null;
}

/** Heads of figures that count or divide what the term is one of. */
const WHOLE: Partial<Record<TextKey, TextKey>> = {
  col_abandoned: 'measure_abandonRate',
  col_answered: 'room_answered',
};

/** The whole word for what a head or a figure has a short one for, where there is room for it. */
export function wholeWord(head: TextKey): string {
  const whole = WHOLE[head];
  if (whole) return t(whole);
  const word = TERMS[headed.get(head) ?? '']?.[i18n.locale];
  const text = t(head);
  return word?.short === text ? word.term : text;
}

/** The same for a head that is words already. */
export function explanationOf(text: string): string | null {
  const head = [...headed.keys()].find((key) => t(key) === text);
  return head ? explanation(head) : null;
}

/** The word for a thing, and what it means. */
export function meaning(id: string): { term: string; means: string } {
  const term = TERMS[id];
  return {
    term: term?.[i18n.locale].term ?? id,
    means: term?.explained ? t(`explain_${id}` as TextKey) : '',
  };
}
