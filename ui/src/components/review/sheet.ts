// The sheet an agent is given: the score and what it is made of, and the notes that may be shared; private ones are not on it.
import { serverDay, serverMoment } from '../../lib/dates';
import { clock, label, percent } from '../../lib/format';
import type { Note, Page, PageTable, Question, Review, ReviewLine } from '../../lib/host/host';
import { i18n, t } from '../../lib/state/i18n.svelte';
import { answerText } from '../../lib/review-words';

export function sheetPage(review: Review, notes: readonly Note[]): Page {
  const { call, card, scored } = review;
  const { acknowledged } = review.feedback;
  const share = (figure: number | null | undefined) => percent(figure, 0, i18n.locale);
  const questions = (list: Question[]) =>
    list.map((question) => {
      const answer = review.answers[question.id];
      return [
        [question.text, answer?.comment.trim()].filter((text) => text).join('\n'),
        answerText(question, answer?.value ?? null),
        share(scored.items.find((item) => item.id === question.id)?.percent),
      ];
    });
  const tables: PageTable[] = card.sections.map((section) => ({
    title: section.title,
    note: null,
    head: [t('review_question'), t('review_answer'), '%'],
    rows: questions(section.questions),
    marked: section.questions.flatMap((one, at) => (scored.fatal.includes(one.id) ? [at] : [])),
    words: [1],
  }));
  const shared = notes.filter((note) => note.shared);
  if (shared.length)
    tables.push({
      title: t('review_notes'),
      note: null,
      head: [t('review_sheet_time'), t('review_sheet_note')],
      rows: shared.map((note) => [clock(note.atSecs), note.text]),
      marked: [],
      words: [1],
    });
  return {
    language: i18n.locale,
    title: t('review_sheet_title'),
    facts: [
      [t('review_agent'), call.agent ?? '–'],
      [t('review_campaign'), label(call.campaign)],
      [
        t('review_call'),
        `${serverMoment(call.startedAt, i18n.locale, { year: true })} · ${clock(call.talkSecs ?? call.lengthSecs)}`,
      ],
      [t('review_reviewer'), review.reviewer],
      [t('review_card'), `${card.name} (${t('review_version', { version: card.version })})`],
    ],
    figure: [share(scored.percent), scored.band].filter((one) => one).join(' · '),
    notes: [scored.fatal.length ? t('review_sheet_fatal') : '', review.comment.trim()].filter((one) => one),
    tables,
    signatures: [
      [t('review_acknowledged'), acknowledged && serverDay(acknowledged, i18n.locale, { year: true })]
        .filter((one) => one)
        .join(': '),
      t('review_signature'),
    ],
  };
}

/** Sorts by day, says whose it is, and no file system stumbles over it. */
export function sheetName(line: ReviewLine): string {
  return `${line.callAt.slice(0, 10)} ${line.agent}`.replace(/[\\/:*?"<>|\p{Cc}]/gu, '-') + '.html';
}
