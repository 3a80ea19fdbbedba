import { afterEach, expect, it } from 'vitest';
import en from '../../../messages/en.json';
import es from '../../../messages/es.json';
import pt from '../../../messages/pt-BR.json';
import { i18n, type Locale, t, type TextKey } from './i18n.svelte';

afterEach(() => i18n.set('en'));

const said = (locale: Locale, key: TextKey, params: Record<string, number | string>) => {
  i18n.set(locale);
  return t(key, params);
};

it.each([
  ['en', '1 alert', '2 alerts', '0 alerts'],
  ['es', '1 alerta', '2 alertas', '0 alertas'],
  ['pt-BR', '1 alerta', '2 alertas', '0 alertas'],
] as const)('counts alerts in %s', (locale, ...texts) => {
  expect([1, 2, 0].map((count) => said(locale, 'alerts_count', { count }))).toEqual(texts);
});

it('writes a large number as the language does, and counts it as what it is', () => {
  const calls = (locale: Locale, many: number) => said(locale, 'calls_count', { calls: many });
  expect(calls('en', 29_000)).toBe('29,000 calls');
  // Not the "1.234" of a thousand that reads as one and a bit.
  expect(calls('pt-BR', 1234)).toBe('1.234 chamadas');
  // A million has a form of its own in Spanish.
  expect(calls('es', 1_000_000)).toBe('1.000.000 llamadas');
  expect(said('es', 'calls_progress', { page: 3, legs: 1 })).toBe('página 3 · 1 tramo');
});

it('lets two counts differ in one text', () => {
  const through = (done: number, skipped: number) => said('es', 'review_through', { done, skipped, all: 9 });
  expect(through(1, 1)).toBe('1 evaluada, 1 omitida de 9');
  expect(through(1, 2)).toBe('1 evaluada, 2 omitidas de 9');
  expect(through(2, 1)).toBe('2 evaluadas, 1 omitida de 9');
});

it.each(['es', 'pt-BR'] as const)('says nought of many things in %s, in every text that counts', (locale) => {
  for (const { key, names } of texts(locale === 'es' ? es : pt)) {
    const words = (many: number) => {
      const params = Object.fromEntries(names.map((name) => [name, many]));
      return said(locale, key as TextKey, params).replaceAll(/[02]/g, '');
    };
    expect([key, words(0)]).toEqual([key, words(2)]);
  }
});

const namesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

/** Every text of a catalogue, each form on its own. */
const texts = (catalogue: Record<string, unknown>) =>
  Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [{ key, text: value, names: namesIn(value) }]
      : (value as { match: Record<string, string> }[]).flatMap(({ match }) =>
          Object.values(match).map((text) => ({ key, text, names: namesIn(Object.values(match).join()) })),
        ),
  );

it('has the same messages in every language, each form of them filled', () => {
  for (const [locale, catalogue] of [
    ['en', en],
    ['es', es],
    ['pt-BR', pt],
  ] as const) {
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(en).sort());
    for (const { key, text, names } of texts(catalogue).filter((one) => !one.key.startsWith('$'))) {
      for (const many of [1, 2]) {
        const params = Object.fromEntries(names.map((name) => [name, many]));
        const shown = said(locale, key as TextKey, params);
        expect([key, shown]).toEqual([key, expect.not.stringMatching(/undefined|NaN|\{/)]);
        if (text !== key) expect(shown).not.toBe(key);
      }
    }
  }
});
