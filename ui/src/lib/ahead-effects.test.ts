import { afterEach, expect, it } from 'vitest';
import { effectOn, elsewhere, noAdviceText } from './ahead-effects';
import type { AheadAdvice, AheadDifference, CampaignWhatIf } from './host/host';
import { i18n } from './state/i18n.svelte';

afterEach(() => i18n.set('en'));

const band = (low: number, high: number) => ({ low, high, middle: (low + high) / 2, mean: (low + high) / 2 });
const nothing = band(-1, 1);
const differs = (parts: Partial<AheadDifference> = {}): AheadDifference => ({
  minutes: 15,
  waiting: nothing,
  longestSecs: nothing,
  givesUp: nothing,
  comingLevel: nothing,
  ...parts,
});
const one = (name: string, parts: Partial<AheadDifference> | null): CampaignWhatIf => ({
  name,
  reason: parts ? null : 'watchedTooShort',
  outlook: null,
  differs: parts && [differs({ minutes: 5, waiting: band(-9, -8) }), differs(parts)],
});
const answer = (...campaigns: CampaignWhatIf[]) => ({ atMs: 0, campaigns, leftOut: 0 });

it('tells only differences that are sure, and for whom they are good', () => {
  const told = answer(
    one('Soporte<-', { comingLevel: band(3.2, 9), longestSecs: band(-75, -10), waiting: band(-2, 0) }),
    one('Ventas<-', { comingLevel: band(-6, -2), givesUp: band(1, 1) }),
    one('Cobros<-', {}),
  );
  expect(effectOn(told, 'Soporte<-')).toEqual([
    { text: 'Service level of the calls to come +3 to +9 points', better: true },
    { text: 'Longest wait −1:15 to −0:10', better: true },
  ]);
  expect(effectOn(told, 'Cobros<-')).toBe('No difference that can be told.');
  expect(elsewhere(told, 'Soporte<-')).toEqual([
    {
      campaign: 'Ventas',
      lines: [
        { text: 'Service level of the calls to come −6 to −2 points', better: false },
        { text: 'Abandoned +1', better: false },
      ],
    },
  ]);
});

it('says why where there is no forecast', () => {
  expect(effectOn(answer(one('Soporte<-', null)), 'Soporte<-')).toMatch(/^No forecast yet/);
});

it('has words for every reason to suggest nobody', () => {
  const advice = (none: AheadAdvice['none']): AheadAdvice => ({
    atMs: 0,
    campaign: 'Soporte<-',
    none,
    people: [],
    levelWithout: null,
    levelWith: null,
    effect: null,
  });
  const reasons = [
    'noTarget',
    'onTarget',
    'nobodyToAsk',
    'neededElsewhere',
    'notEnough',
    'notKnownYet',
    'notSure',
  ] as const;
  for (const locale of ['en', 'es', 'pt-BR'] as const) {
    i18n.set(locale);
    const texts = reasons.map((reason) => noAdviceText(advice(reason)) ?? '');
    expect(new Set(texts).size).toBe(reasons.length);
    expect(texts.join()).not.toContain('ahead_');
  }
  expect(noAdviceText(advice({ noForecast: 'tooOld' }))).toMatch(/demais/);
  expect(noAdviceText(advice(null))).toBeNull();
});
