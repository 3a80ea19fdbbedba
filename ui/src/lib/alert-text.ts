// An alert in words: who or what, which figures, which limits.
import type { Alert, AlertPart, Measure, ReviewAlert } from './host/host';
import { clock, count, label, percent } from './format';
import { type Incident, isReview } from './incident';
import { i18n, t } from './state/i18n.svelte';

/** A figure of a measure in its unit. */
export function figure(measure: Measure, value: number): string {
  switch (measure) {
    case 'waiting':
    case 'nobodyAvailable':
      return count(value, i18n.locale);
    case 'serviceLevel':
    case 'serviceLevelRecent':
      return percent(value, 0, i18n.locale);
    case 'abandonRate':
      return percent(value, 1, i18n.locale);
    case 'redAhead':
      return t('alert_of_ten', { count: Math.round(value / 10) });
    default:
      return clock(value);
  }
}

/** Whom or what it is about. */
export function subject(alert: Incident): string {
  if (isReview(alert)) return alert.agent || t('alert_review_nobody');
  if (alert.agent) return alert.agent;
  return alert.campaign ? label(alert.campaign) : t('alert_server');
}

/** What is wrong now, of one that is over all that was, and at a moment of the past what was wrong then. Callers with
 *  nobody for them are told of once, and first. */
function shown(alert: Alert, atMs: number | null): AlertPart[] {
  const then = (part: AlertPart) =>
    atMs === null
      ? part.overMs === null || alert.resolvedMs !== null
      : part.sinceMs <= atMs && (part.overMs === null || part.overMs > atMs);
  const parts = alert.parts.filter(then);
  const nobody = parts.filter((part) => part.measure === 'nobodyAvailable');
  const rest = parts.filter((part) => part.measure !== 'nobodyAvailable');
  return nobody.length ? [...nobody, ...rest.filter((part) => part.measure !== 'waiting')] : rest;
}

/** One figure: as it is, or at its worst once it is looked back at. */
function words(part: AlertPart, back: boolean): string {
  const value = figure(part.measure, back ? part.worst : part.value);
  const soon = part.measure === 'redAhead' && !back && part.inSecs;
  const what = soon
    ? t('alert_redAhead_soon', { mins: Math.max(1, Math.round(soon / 60)), value })
    : t(`alert_${part.measure}`, { value });
  return part.reason ? `${what} · ${part.reason}` : what;
}

/** What a review was found wrong with. */
function reviewed(alert: ReviewAlert): string {
  const score = t('alert_review', { card: alert.cardName, score: percent(alert.score, 0, i18n.locale) });
  return alert.fatal ? `${score}, ${t('alert_review_fatal')}` : score;
}

/** What is the matter, or was at a moment of the past; of more than `most` things the first ones, and how many more. */
export function matter(alert: Incident, atMs: number | null = null, most = Infinity): string {
  if (isReview(alert)) return reviewed(alert);
  const back = atMs !== null || alert.resolvedMs !== null;
  const all = shown(alert, atMs).map((part) => words(part, back));
  const said = all.slice(0, most).join(', ');
  return all.length > most ? `${said} +${all.length - most}` : said;
}

/** What is the matter in so many characters: one thing at least, and of the others as many as fit. */
export function fitting(alert: Incident, characters: number): string {
  let most = isReview(alert) ? 1 : alert.parts.length;
  while (most > 1 && matter(alert, null, most).length > characters) most -= 1;
  return matter(alert, null, most);
}

/** For text that may break: a figure stays with its unit. */
export const glued = (text: string): string => text.replaceAll(' %', '\u00a0%');

function against(part: AlertPart): string {
  const limit = figure(part.measure, part.limit);
  const below = part.measure === 'serviceLevel' || part.measure === 'serviceLevelRecent';
  return below ? t('alert_below', { limit }) : t('alert_over', { limit });
}

/** The limits that are passed, or were. */
export function limitsOf(alert: Incident): string {
  if (isReview(alert)) {
    const by = t('alert_review_by', { who: alert.reviewer });
    if (alert.under === null) return by;
    return `${t('alert_below', { limit: percent(alert.under, 0, i18n.locale) })} · ${by}`;
  }
  const parts = shown(alert, null);
  return parts
    .map((part) => (parts.length === 1 ? against(part) : `${t(`measure_${part.measure}`)}: ${against(part)}`))
    .join(' · ');
}
