// What a change would bring, in words: only what can be told from chance, and else that nothing can.
import { noneText } from './ahead-words';
import { clock, count, label } from './format';
import type { AheadAdvice, AheadBand, AheadWhatIf, CampaignWhatIf } from './host/host';
import { i18n, t } from './state/i18n.svelte';

export interface Effect {
  text: string;
  /** For the callers. */
  better: boolean;
}

/** Less than this reads as nothing. */
const LEAST = 0.5;

const signed = (value: number, text: (value: number) => string) =>
  `${value > 0 ? '+' : value < 0 ? '−' : ''}${text(Math.abs(value))}`;

/** From here to there with signs; `null` where the band reaches nought: that may be no difference at all. */
function sure({ low, high }: AheadBand, text: (value: number) => string): string | null {
  if (low < LEAST && high > -LEAST) return null;
  const [from, to] = [signed(Math.round(low), text), signed(Math.round(high), text)];
  return from === to ? from : t('ahead_span', { low: from, high: to });
}

/** What differs for sure in a quarter of an hour, a line each. */
export function effects({ differs }: CampaignWhatIf): Effect[] {
  const at = differs?.at(-1);
  if (!at) return [];
  const whole = (value: number) => count(value, i18n.locale);
  const level = at.comingLevel && sure(at.comingLevel, whole);
  const lines = [
    level && { text: t('ahead_if_level', { range: level }), better: (at.comingLevel?.low ?? 0) > 0 },
    ...(
      [
        ['ahead_if_waiting', at.waiting, whole],
        ['ahead_if_longest', at.longestSecs, clock],
        ['ahead_if_gives_up', at.givesUp, whole],
      ] as const
    ).map(([key, band, text]) => {
      const range = sure(band, text);
      return range && { text: t(key, { range }), better: band.high < 0 };
    }),
  ];
  return lines.filter((line) => line !== null && line !== '');
}

/** What a change would bring to one campaign; why nothing is said where there is no forecast. */
export function effectOn(answer: AheadWhatIf, name: string): Effect[] | string {
  const one = answer.campaigns.find((campaign) => campaign.name === name);
  if (!one) return t('ahead_none_yet');
  if (!one.differs) return noneText(one) ?? t('ahead_none_yet');
  const lines = effects(one);
  return lines.length ? lines : t('ahead_if_same');
}

/** What it would cost or bring elsewhere: the campaigns where something differs for sure. */
export function elsewhere(answer: AheadWhatIf, name: string): { campaign: string; lines: Effect[] }[] {
  return answer.campaigns
    .filter((one) => one.name !== name)
    .map((one) => ({ campaign: label(one.name), lines: effects(one) }))
    .filter((one) => one.lines.length > 0);
}

/** Why nobody is suggested; `null` where somebody is. */
export function noAdviceText({ none }: AheadAdvice): string | null {
  if (none === null) return null;
  return typeof none === 'object' ? t(`ahead_none_${none.noForecast}`) : t(`ahead_advice_${none}`);
}
