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
  'redAhead',
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

interface Card {
  attachments?: { content?: { body?: { inlines?: { text?: string }[] }[] } }[];
  blocks?: { text?: { text?: string }; elements?: { text?: string }[] }[];
}

/** What a chat shows of a message, of the body that goes to Teams or Slack: its title, then what it says. `null` for anybody
 *  else's, who show of its fields what they like. */
export function readable(body: string): { title: string; lines: string[] } | null {
  let card: Card;
  try {
    card = JSON.parse(body) as Card;
  } catch {
    return null;
  }
  const runs = card.attachments?.[0]?.content?.body?.map((block) =>
    (block.inlines ?? []).map((run) => run.text ?? '').join(''),
  );
  const blocks = card.blocks?.flatMap(({ text, elements }) =>
    [text, ...(elements ?? [])].map((one) => slackText(one?.text ?? '')),
  );
  const [title, ...lines] = (runs ?? blocks ?? []).flatMap((text) => text.split('\n')).filter(Boolean);
  return title === undefined ? null : { title, lines };
}

/** Slack's letters as it shows them; bold is what the title is anyway. */
const slackText = (text: string): string =>
  text
    .replace(/^\*(.*)\*$/m, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** What became of a message. */
export function outcomeText(outcome: WebhookOutcome): string {
  if (outcome.kind === 'done') return t('webhook_done');
  if (outcome.kind === 'unknown') return t('webhook_unknown', { why: t(`webhook_why_${outcome.why}`) });
  if (outcome.status === null)
    return t('webhook_kept', { why: t(`webhook_why_${outcome.why ?? 'unreachable'}`) });
  const refused = t('webhook_refused', { status: String(outcome.status) });
  return outcome.said ? `${refused} · ${outcome.said}` : refused;
}
