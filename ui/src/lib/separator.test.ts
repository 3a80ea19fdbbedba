import { afterEach, expect, test } from 'vitest';
import { figureCell, separator } from './separator';
import { i18n } from './state/i18n.svelte';

afterEach(() => i18n.set('en'));

test('cells are parted as the language of the window parts them', () => {
  const of = (['en', 'es', 'pt-BR'] as const).map((locale) => {
    i18n.set(locale);
    return separator();
  });
  expect(of).toEqual(['comma', 'semicolon', 'semicolon']);
});

test('a figure has the decimals its spreadsheet reads', () => {
  const of = (['en', 'es', 'pt-BR'] as const).map((locale) => {
    i18n.set(locale);
    return figureCell(86.6);
  });
  expect([...of, figureCell(null)]).toEqual(['86.60', '86,60', '86,60', '']);
});
