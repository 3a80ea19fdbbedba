// The agents' wall as a table of words: what it shows, and what it says of a row when one rests on it. Times are the server's.
import type { Agent } from './host/host';
import { clock, label, since } from './format';
import { timeText } from './past-time';
import type { TextKey } from './state/i18n.svelte';

type Words = (key: TextKey, params?: Record<string, string | number>) => string;

/** What somebody does, in a word: the reason of a pause rather than that it is one. */
export function stateWords(agent: Agent, t: Words): string {
  if (agent.state === 'paused') return agent.pauseReason ?? t('no_reason');
  if (agent.state === 'unknown') return t('state_unknown_code', { code: agent.statusCode ?? '?' });
  return t(`state_${agent.state}`);
}

/** People as they are shown, for a spreadsheet: titles first. `now`: the moment shown; `offset`: of the server's clock. */
export function agentTable(
  rows: readonly Agent[],
  now: number,
  offset: number,
  locale: string,
  t: Words,
): string[][] {
  return [
    [
      t('col_agent'),
      t('room_telephone'),
      t('col_state'),
      t('room_reason'),
      t('col_for'),
      t('person_campaigns'),
      t('person_calls'),
      t('person_last_call'),
    ],
    ...rows.map((agent) => {
      const secs = since(agent.stateSinceMs, now);
      return [
        agent.name,
        agent.location,
        agent.state === 'unknown' ? stateWords(agent, t) : t(`state_${agent.state}`),
        agent.pauseReason ?? '',
        secs === null ? '' : clock(secs),
        agent.campaigns.map(label).join(', '),
        agent.callsTaken === null ? '' : String(agent.callsTaken),
        agent.lastCallAtMs === null ? '' : timeText(agent.lastCallAtMs, offset, locale),
      ];
    }),
  ];
}
