// How old what is shown is, in words.
import { clock } from './format';
import type { Health } from './host/host';
import { t } from './state/i18n.svelte';

/** Below this, figures that come as planned are simply live, seconds: counting to three over and over tells nothing. */
export const LIVE_SECS = 10;

/** `ageSecs`: since the last good answer; null before the first one. */
export function healthText(freshness: Health['freshness'], ageSecs: number | null): string {
  const age = clock(ageSecs);
  switch (freshness) {
    case 'starting':
      return t('health_starting');
    case 'fresh':
      return ageSecs !== null && ageSecs < LIVE_SECS ? t('health_now') : t('health_live', { age });
    case 'stale':
      return t('health_stale', { age });
    case 'lost':
      return t('health_lost', { age });
  }
}
