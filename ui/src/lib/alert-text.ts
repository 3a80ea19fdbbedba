// An alert in words: who or what, which figure, which limit.
import type { Alert, Measure } from './host/host';
import { clock, count, label, percent } from './format';
import { i18n, t } from './state/i18n.svelte';

/** A figure of a measure in its unit. */
export function figure(measure: Measure, value: number): string {
  switch (measure) {
    case 'waiting':
    case 'nobodyAvailable':
      return count(value, i18n.locale);
    case 'serviceLevel':
    case 'serviceLevelRecent':
    case 'abandonRate':
      return percent(value, 0, i18n.locale);
    default:
      return clock(value);
  }
}

/** Whom or what it is about. */
export function subject(alert: Alert): string {
  if (alert.agent) return alert.agent;
  return alert.campaign ? label(alert.campaign) : t('alert_server');
}

/** What is the matter. */
export function matter(alert: Alert): string {
  const what = t(`alert_${alert.measure}`, { value: figure(alert.measure, alert.value) });
  return alert.reason ? `${what} · ${alert.reason}` : what;
}

/** Against which limit. */
export function against(alert: Alert): string {
  const limit = figure(alert.measure, alert.limit);
  const below = alert.measure === 'serviceLevel' || alert.measure === 'serviceLevelRecent';
  return below ? t('alert_below', { limit }) : t('alert_over', { limit });
}
