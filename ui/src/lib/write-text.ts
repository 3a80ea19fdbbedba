// What is said of something that was sent to be done, when nobody knows whether it was. The words for a reading that failed
// ("try again", "it is asked again") would be wrong of it: it may have been done, and nothing sends it again.
import type { Problem, WriteOutcome } from './host/host';
import { i18n, t, type TextKey } from './state/i18n.svelte';

/** By the code of what went wrong. */
const UNANSWERED: Record<string, TextKey | undefined> = {
  timeout: 'write_no_answer',
  unreachable: 'write_no_connection',
  busy: 'write_server_failed',
  serverError: 'write_server_failed',
  malformed: 'write_unreadable',
  tooLarge: 'write_unreadable',
  misdirected: 'write_unreadable',
};

/** Why nobody knows whether it was done. */
export function whyUnknown(problem: Problem): string {
  const words = UNANSWERED[problem.code];
  return words ? t(words) : i18n.problem(problem);
}

/** Why it was not done; where it may have been done, that is said as well. */
export const whyNotDone = (problem: Problem, outcome: WriteOutcome | null): string =>
  outcome === 'unknown' ? `${whyUnknown(problem)} ${t('write_may_be_done')}` : i18n.problem(problem);
