// The texts of messages to a chat, in their language and not the window's: the program fills in the figures, also while no
// window is there to ask. And what became of a message, in the window's words.
import type { Measure, WebhookOutcome, WebhookWords } from './host/host';
import { i18n, t, type Locale, type TextKey } from './state/i18n.svelte';

const MEASURES: Measure[] = [
  'waiting',
  'longestWait',
  'nobodyAvailable',
  'serviceLevel',
  'serviceLevelRecent',
  'abandonRate',
  'inPause',
  'inCall',
  'inWrapUp',
  'inRinging',
  'onHold',
  'offline',
  'pauseTotal',
  'serverAway',
];
/** A name in braces stays one: the program puts there what belongs there. */
const OPEN = Object.fromEntries(
  ['value', 'limit', 'at', 'time', 'subject', 'who'].map((name) => [name, `{${name}}`]),
);

export function webhookWords(language: Locale): WebhookWords {
  const text = (key: TextKey) => i18n.textIn(language, key, OPEN);
  const each = (key: (measure: Measure) => TextKey) =>
    Object.fromEntries(MEASURES.map((measure) => [measure, text(key(measure))]));
  return {
    language,
    figures: each((measure) => `alert_${measure}`),
    measures: each((measure) => `measure_${measure}`),
    above: text('alert_over'),
    below: text('alert_below'),
    server: text('alert_server'),
    since: text('webhook_msg_since'),
    lasted: text('webhook_msg_lasted'),
    amber: text('webhook_msg_amber'),
    red: text('webhook_msg_red'),
    worse: text('webhook_msg_worse'),
    seen: text('webhook_msg_seen'),
    over: text('webhook_msg_over'),
    test: text('webhook_msg_test'),
    testText: text('webhook_msg_test_text'),
  };
}

/** What became of a message. */
export function outcomeText(outcome: WebhookOutcome): string {
  if (outcome.kind === 'done') return t('webhook_done');
  if (outcome.kind === 'unknown') return t('webhook_unknown', { why: t(`webhook_why_${outcome.why}`) });
  if (outcome.status === null)
    return t('webhook_kept', { why: t(`webhook_why_${outcome.why ?? 'unreachable'}`) });
  const refused = t('webhook_refused', { status: String(outcome.status) });
  return outcome.said ? `${refused} · ${outcome.said}` : refused;
}
