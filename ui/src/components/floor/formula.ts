// What a service level is made of, for whoever hovers over it.
import type { Campaign } from '../../lib/host/host';
import { count } from '../../lib/format';
import { type LevelKind, levelOf } from '../../lib/levels';
import { t } from '../../lib/state/i18n.svelte';

export function formula(campaign: Campaign, kind: LevelKind, locale: string): string {
  const secs = campaign.serviceLevelThresholdSecs ?? '?';
  switch (kind) {
    case 'answered':
      return t('sl_formula_answered', { secs });
    case 'both':
      return t('sl_formula_both', { secs });
    case 'offered':
      return t('sl_formula_offered', { secs });
    case 'patient':
      return t('sl_formula_patient', { secs });
    default: {
      const { covered, plusMinus } = levelOf(campaign, kind);
      const off = count(plusMinus, locale);
      return t('sl_formula_last', { secs, minutes: kind.slice(4), covered: covered ?? 0, off });
    }
  }
}
