import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COLUMNS } from './campaign-columns';
import { i18n, type Locale, type TextKey } from './state/i18n.svelte';
import { TERMS, type Term, wholeWord } from './terms';

type Catalogue = Record<string, string | { match: Record<string, string> }[]>;
const catalogue = (locale: Locale) =>
  JSON.parse(readFileSync(`messages/${locale}.json`, 'utf8')) as Catalogue;

const LOCALES: Locale[] = ['en', 'es', 'pt-BR'];
const CATALOGUES = Object.fromEntries(LOCALES.map((one) => [one, catalogue(one)])) as Record<
  Locale,
  Catalogue
>;

const textsOf = (message: Catalogue[string] | undefined): string[] =>
  typeof message === 'string' ? [message] : (message ?? []).flatMap(({ match }) => Object.values(match));

/** Whole words, whatever the case; `\b` knows no accents. */
const whole = (pattern: string) => new RegExp(`(?<![\\p{L}])(?:${pattern})(?![\\p{L}])`, 'iu');

function twins(locale: Locale, key: string, text: string): string[] {
  const words = text.replace(/\{\w+\}/g, '');
  return Object.entries(TERMS)
    .filter(([, term]) => !term.except?.includes(key as TextKey))
    .flatMap(([, term]) =>
      (term[locale].not ?? [])
        .filter((twin) => whole(twin).test(words))
        .map((twin) => `${key}: “${text}” has “${twin}”; it is “${term[locale].term}”`),
    );
}

const stem = (word: string) =>
  word
    .toLowerCase()
    .replace(/[.as]*$/, '')
    .slice(0, 12);
const named = (term: Term, locale: Locale, text: string) =>
  [term[locale].term, term[locale].short]
    .filter((word) => word !== undefined)
    .some((word) => text.toLowerCase().includes(stem(word)));

describe.each(LOCALES)('the words of %s', (locale) => {
  const messages = Object.entries(CATALOGUES[locale]).filter(([key]) => !key.startsWith('$'));

  it('call no thing by two names', () => {
    const found = messages.flatMap(([key, message]) =>
      textsOf(message).flatMap((text) => twins(locale, key, text)),
    );
    expect(found).toEqual([]);
  });

  it('name in every head what the table says', () => {
    const wrong = Object.values(TERMS).flatMap((term) =>
      (term.heads ?? [])
        .filter((head) => !textsOf(CATALOGUES[locale][head]).every((text) => named(term, locale, text)))
        .map((head) => `${head}: ${JSON.stringify(CATALOGUES[locale][head])} is “${term[locale].term}”`),
    );
    expect(wrong).toEqual([]);
  });
});

it('explains what it says is explained', () => {
  for (const [id, term] of Object.entries(TERMS))
    expect([id, textsOf(CATALOGUES.en[`explain_${id}`]).length]).toEqual([id, term.explained ? 1 : 0]);
});

it('knows a twin by the whole word only, and not where it means something else', () => {
  expect(twins('es', 'signin_keep', 'Guardada en este equipo')).toHaveLength(1);
  expect(twins('es', 'rules_add', 'Una regla para un equipo')).toEqual([]);
  expect(twins('es', 'act_mode_dialer_hint', 'cuando esté libre')).toEqual([]);
  expect(twins('pt-BR', 'x', 'Uma chamada em espera')).toHaveLength(1);
  expect(twins('pt-BR', 'x', 'sem esperança')).toEqual([]);
});

it('is what the printed guides say too', () => {
  const found = ['supervisor', 'analyst'].flatMap((guide) =>
    LOCALES.flatMap((locale) => {
      const page = readFileSync(`../docs/guide/${guide}.${locale}.html`, 'utf8');
      return twins(locale, `${guide}.${locale}`, page.replace(/<[^>]*>/g, ' '));
    }),
  );
  expect(found).toEqual([]);
});

it('is the table of docs/WORDS.md', async () => {
  const cell = (word: string | undefined) => (word ?? '').replaceAll('|', '\\|');
  const word = (term: Term, locale: Locale) => {
    const { term: whole, short } = term[locale];
    return cell(short ? `${whole} (${short})` : whole);
  };
  const not = (term: Term) =>
    cell(
      LOCALES.flatMap((locale) => (term[locale].not ?? []).map((one) => `${locale}: \`${one}\``)).join(', '),
    );
  const of = (locale: Locale) =>
    Object.entries(TERMS)
      .filter(([, term]) => term.explained)
      .map(
        ([id, term]) =>
          `- **${term[locale].term}**: ${textsOf(CATALOGUES[locale][`explain_${id}`]).join(' ')}`,
      );
  const page = [
    '# Words',
    '',
    'One word for one thing, in each language, and the words it is not called by. Made of `ui/terms.json` by',
    '`ui/src/lib/terms.test.ts`, which holds every message to it: `npx vitest run src/lib/terms.test.ts -u` writes it anew.',
    '',
    '| English | Español | Português | Not |',
    '|---|---|---|---|',
    ...Object.values(TERMS).map(
      (term) => `| ${LOCALES.map((locale) => word(term, locale)).join(' | ')} | ${not(term)} |`,
    ),
    ...LOCALES.flatMap((locale, at) => [
      '',
      `## ${['What they mean', 'Qué quieren decir', 'O que querem dizer'][at] ?? ''}`,
      '',
      ...of(locale),
    ]),
    '',
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../../../docs/WORDS.md');
});

it('has a whole word for every column, and no two alike', () => {
  for (const locale of LOCALES) {
    i18n.set(locale);
    const words = COLUMNS.map(({ title }) => wholeWord(title));
    expect(words.filter((word) => word.endsWith('.'))).toEqual([]);
    expect(new Set(words).size).toBe(words.length);
  }
});
