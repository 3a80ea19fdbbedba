// The words of the sheet an agent is given, in the window's language.
import type { ReviewLine, SheetWords } from '../../lib/host/host';
import { i18n, t } from '../../lib/state/i18n.svelte';

export function sheetWords(): SheetWords {
  return {
    language: i18n.locale,
    words: {
      title: t('review_sheet_title'),
      agent: t('review_agent'),
      campaign: t('review_campaign'),
      call: t('review_call'),
      reviewer: t('review_reviewer'),
      score: t('review_score'),
      question: t('review_question'),
      answer: t('review_answer'),
      notes: t('review_notes'),
      yes: t('review_yes'),
      no: t('review_no'),
      notApplicable: t('review_na'),
      fatal: t('review_sheet_fatal'),
      acknowledged: t('review_acknowledged'),
      signature: t('review_signature'),
    },
  };
}

/** Sorts by day, says whose it is, and no file system stumbles over it. */
export function sheetName(line: ReviewLine): string {
  return `${line.callAt.slice(0, 10)} ${line.agent}`.replace(/[\\/:*?"<>|\p{Cc}]/gu, '-') + '.html';
}
