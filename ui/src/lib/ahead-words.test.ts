import { afterEach, expect, it } from 'vitest';
import { COLUMNS } from './campaign-columns';
import { figureOf } from './campaign-figure';
import { coming, noneText, percentRange, recordText, turnText } from './ahead-words';
import type { AheadReason } from './host/host';
import { i18n, type Locale } from './state/i18n.svelte';
import type { OutlookOf } from './state/ahead.svelte';
import { aheadAt, aheadOutlook, campaign, campaignAhead, limits, passing } from './testing';

afterEach(() => i18n.set('en'));

const now = { low: 0, middle: 0, high: 0, mean: 0 };
const later = { low: 200, middle: 540, high: 800, mean: 540 };

it.each([
  [
    'a range where nothing happens',
    {},
    null,
    '72–85 %',
    /^Probably neither red nor amber.*service level 72–85 %, waiting 0–3, longest wait 0:00–1:15\.$/,
  ],
  [
    'red before amber',
    { passing: [passing(), passing({ colour: 'amber', likely: 0.9 })] },
    'bad',
    '~8 min · 7/10',
    /^Probably red in about 8 min: 7 of 10 times\. In 15 min/,
  ],
  [
    'amber where red is unlikely',
    { passing: [passing({ likely: 0.3 }), passing({ colour: 'amber', likely: 0.99 })] },
    'warn',
    '~8 min · 9/10',
    /^Probably amber/,
  ],
  [
    'red that goes by itself',
    { passing: [passing({ likely: 1, inSecs: now, clears: 0.6, clearsInSecs: later })] },
    'bad',
    'clears ~9 min',
    /^Red now, probably out of it in about 9 min: 6 of 10/,
  ],
  [
    'red that stays',
    { passing: [passing({ likely: 1, inSecs: now })] },
    'bad',
    'stays so',
    /^Red now, and probably still/,
  ],
  [
    'who waits where there are too few calls for a percentage',
    { ahead: [aheadAt({ level: null })], passing: [] },
    null,
    '0–3 waiting',
    /^In 15 min: waiting 0–3, longest/,
  ],
] as const)('tells %s', (_what, parts, mark, text, told) => {
  const shown = coming(campaignAhead(parts as Parameters<typeof campaignAhead>[0]));
  expect([shown.mark, shown.text]).toEqual([mark, text]);
  expect(shown.told).toMatch(told);
  expect(shown.rank).not.toBeNull();
});

it('writes a range once where both ends read alike', () => {
  expect([percentRange({ low: 99.6, high: 100 }), percentRange({ low: 0, high: 4 })]).toEqual([
    '100 %',
    '0–4 %',
  ]);
});

it('tells why there is no forecast, and never a figure in its place', () => {
  const reasons: AheadReason[] = [
    'nothingRead',
    'tooOld',
    'outbound',
    'waitingUnknown',
    'watchedTooShort',
    'justReset',
    'handlingUnknown',
    'peopleUnknown',
    'implausible',
  ];
  for (const locale of ['en', 'es', 'pt-BR'] satisfies Locale[]) {
    i18n.set(locale);
    const texts = reasons.map((reason) => coming({ name: 'x', reason, outlook: null }));
    expect(new Set(texts.map((one) => one.told)).size).toBe(reasons.length);
    expect(
      texts.every(({ text, rank, told }) => text === '–' && rank === null && !told.startsWith('ahead_')),
    ).toBe(true);
  }
  expect(noneText(campaignAhead())).toBeNull();
  expect(coming(null).told).toMatch(/\S/);
});

it('says all of it in the language of the moment', () => {
  const one = campaignAhead({ passing: [passing()] });
  expect(coming(one).told).toMatch(/^Probably red/);
  i18n.set('es');
  expect(coming(one).told).toMatch(/^Es probable que pase a rojo en unos 8 min: 7 de cada 10 veces\./);
  expect(turnText(aheadOutlook({ passing: [] }))).toBeNull();
});

it('adds up how often the ranges shown held, or says that nobody knows yet', () => {
  expect(recordText(aheadOutlook())).toContain('117 of 144');
  const { waiting, longestSecs } = aheadAt();
  const fresh = aheadAt({
    waiting: { ...waiting, record: null },
    longestSecs: { ...longestSecs, record: null },
    level: null,
  });
  expect(recordText(aheadOutlook({ ahead: [fresh] }))).toMatch(/not known here yet/);
});

it('is shorter from across the room, with its mark', () => {
  const column = COLUMNS.find((one) => one.id === 'ahead');
  if (!column) throw new Error('there is such a column');
  const of = (ahead: OutlookOf) =>
    figureOf(column, campaign({ name: 'Soporte<-' }), 'answered', limits(), 0, 'en', ahead);
  expect(of(() => campaignAhead({ passing: [passing()] }))).toEqual({
    text: '~8 min',
    level: 'bad',
    quiet: false,
  });
  expect(of(() => null)).toEqual({ text: '–', level: '', quiet: true });
});
