// A share of the reviews in words, and the sample that draws what is missing of it.
import type { ReviewShare, ShareOf, ShareState } from './host/host';
import { clock, label } from './format';
import type { SampleWish } from './state/sample-draw.svelte';
import { t } from './state/i18n.svelte';

export const SHARE_KINDS: ShareOf['kind'][] = ['disposition', 'campaign', 'atLeast', 'direction'];

/** Which calls it is of. */
export function shareName(of: ShareOf): string {
  switch (of.kind) {
    case 'disposition':
      return of.name;
    case 'campaign':
      return label(of.name);
    case 'atLeast':
      return t('share_of_atLeast', { length: clock(of.secs) });
    case 'direction':
      return t(of.direction);
  }
}

/** So many calls are missing; where some reviews may be what is missing, at least and at most. */
export function missingText(missing: number, least: number): string {
  if (missing === 0) return t('share_met');
  return least === missing
    ? t('share_missing', { count: missing })
    : t('share_between', { least, count: missing });
}

/** A sample of what is missing with each. */
export function missingSample(share: ReviewShare, state: ShareState): SampleWish {
  const lacking = state.people.filter((one) => one.missing > 0);
  const { of } = share;
  return {
    name: shareName(of),
    people: lacking.map((one) => one.agent),
    each: Object.fromEntries(lacking.map((one) => [one.agent, Math.min(100, one.missing)])),
    ...(of.kind === 'disposition' && { disposition: of.name }),
    ...(of.kind === 'campaign' && { campaign: of.name }),
    ...(of.kind === 'atLeast' && { minSecs: of.secs }),
    ...(of.kind === 'direction' && { direction: of.direction }),
  };
}
