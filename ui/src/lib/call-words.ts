// Words for what the records say in codes: telephony's outcome, the Q.850 cause of a hang-up, the way a call went.
import { t, type TextKey } from './state/i18n.svelte';

const OUTCOMES: Record<string, TextKey> = {
  ANSWERED: 'find_outcome_answered',
  'NO ANSWER': 'find_outcome_no_answer',
  BUSY: 'find_outcome_busy',
  FAILED: 'find_outcome_failed',
  CONGESTION: 'find_outcome_congestion',
  CANCEL: 'find_outcome_cancel',
};

/** ITU-T Q.850, those telephony sends. */
const CAUSES: Record<string, TextKey> = {
  '1': 'find_cause_1',
  '3': 'find_cause_3',
  '16': 'find_cause_16',
  '17': 'find_cause_17',
  '18': 'find_cause_18',
  '19': 'find_cause_19',
  '20': 'find_cause_20',
  '21': 'find_cause_21',
  '22': 'find_cause_22',
  '26': 'find_cause_26',
  '27': 'find_cause_27',
  '28': 'find_cause_28',
  '31': 'find_cause_31',
  '34': 'find_cause_34',
  '38': 'find_cause_38',
  '41': 'find_cause_41',
  '42': 'find_cause_42',
  '102': 'find_cause_102',
  '127': 'find_cause_127',
};

/** A code of an installation's own stays as it is. */
export function outcomeWord(outcome: string): string {
  const key = OUTCOMES[outcome.toUpperCase()];
  return key ? t(key) : outcome;
}

export function causeWord(cause: string): string {
  const key = CAUSES[cause];
  return key ? t(key) : t('find_cause_other', { cause });
}

/** All of them, for finding words in what is shown and for writing it out. */
export function callWords(): Record<string, string> {
  const words: Record<string, string> = {
    'direction.inbound': t('inbound'),
    'direction.outbound': t('outbound'),
    flagged: t('find_flagged'),
  };
  for (const outcome of Object.keys(OUTCOMES)) words[`outcome.${outcome}`] = outcomeWord(outcome);
  for (const cause of Object.keys(CAUSES)) words[`cause.${cause}`] = causeWord(cause);
  return words;
}
