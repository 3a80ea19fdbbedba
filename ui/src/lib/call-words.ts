// Words for what the records say in codes: telephony's outcome, the Q.850 cause of a hang-up, the way a call went.
import type { Call } from './host/host';
import { t, type TextKey } from './state/i18n.svelte';

const OUTCOMES: Record<string, TextKey> = {
  ANSWERED: 'calls_outcome_answered',
  'NO ANSWER': 'calls_outcome_no_answer',
  BUSY: 'calls_outcome_busy',
  FAILED: 'calls_outcome_failed',
  CONGESTION: 'calls_outcome_congestion',
  CANCEL: 'calls_outcome_cancel',
};

/** ITU-T Q.850, those telephony sends. */
const CAUSES: Record<string, TextKey> = {
  '1': 'calls_cause_1',
  '3': 'calls_cause_3',
  '16': 'calls_cause_16',
  '17': 'calls_cause_17',
  '18': 'calls_cause_18',
  '19': 'calls_cause_19',
  '20': 'calls_cause_20',
  '21': 'calls_cause_21',
  '22': 'calls_cause_22',
  '26': 'calls_cause_26',
  '27': 'calls_cause_27',
  '28': 'calls_cause_28',
  '31': 'calls_cause_31',
  '34': 'calls_cause_34',
  '38': 'calls_cause_38',
  '41': 'calls_cause_41',
  '42': 'calls_cause_42',
  '102': 'calls_cause_102',
  '127': 'calls_cause_127',
};

/** A code of an installation's own stays as it is. */
export function outcomeWord(outcome: string): string {
  const key = OUTCOMES[outcome.toUpperCase()];
  return key ? t(key) : outcome;
}

export function causeWord(cause: string): string {
  const key = CAUSES[cause];
  return key ? t(key) : t('calls_cause_other', { cause });
}

/** Who answered; else that nobody did, where that is known. */
export function whoAnswered(call: Call): string {
  return call.agent ?? t(call.othersUnread ? 'calls_others_unread' : 'calls_not_answered');
}

/** All of them, for finding words in what is shown and for writing it out. */
export function callWords(): Record<string, string> {
  const words: Record<string, string> = {
    'direction.inbound': t('inbound'),
    'direction.outbound': t('outbound'),
    flagged: t('calls_flagged'),
    othersUnread: t('calls_others_unread'),
  };
  for (const outcome of Object.keys(OUTCOMES)) words[`outcome.${outcome}`] = outcomeWord(outcome);
  for (const cause of Object.keys(CAUSES)) words[`cause.${cause}`] = causeWord(cause);
  return words;
}
