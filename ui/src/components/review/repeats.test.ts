// What people type twice, and what two cards have in common, is shown twice; what is pressed twice at once is done once.
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost } from '../../lib/host/fake';
import type { Question, ReportRow } from '../../lib/host/host';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { call, settings } from '../../lib/testing';
import Tags from '../calls/Tags.svelte';
import Answers from './Answers.svelte';
import FeedbackSteps from './FeedbackSteps.svelte';
import Reports from './Reports.svelte';

afterEach(cleanup);

const row = (key: string): ReportRow => ({
  key,
  question: '',
  reviews: 2,
  scored: 2,
  average: 80,
  lowest: 70,
  highest: 90,
  fatal: 0,
});

it('reports the same question of two cards as two rows', async () => {
  const host = fakeHost({
    asks: {
      disposition_names: () => [],
      review_report: ({ by }) => (by === 'question' ? [row('Saluda'), row('Saluda')] : [row('Ana')]),
    },
  });
  render(Reports, { signedIn: new SignedIn(new App(host)), onsample: () => undefined });
  await screen.findByTestId('report-row');
  await fireEvent.click(screen.getByTestId('report-question'));
  await vi.waitFor(() => expect(screen.getAllByTestId('report-row')).toHaveLength(2));
});

it('offers two answers of the same words', () => {
  const option = { label: 'A veces', percent: 50 };
  const question: Question = {
    id: 'q',
    text: 'Saluda',
    help: '',
    kind: { kind: 'choice', options: [option, { ...option, percent: 20 }] },
    weight: 1,
    optional: false,
    fatal: false,
    comment: 'never',
  };
  render(Answers, { question, value: null, onanswer: () => undefined });
  expect(screen.getAllByTestId('answer-choice')).toHaveLength(2);
});

it('offers a tag that was set twice', () => {
  const signedIn = new SignedIn(new App(fakeHost()));
  signedIn.settings.value = settings({ tagPresets: ['factura', 'factura'] });
  render(Tags, { signedIn, call: call() });
  expect(screen.getAllByTestId('tag-offer')).toHaveLength(2);
});

it('takes one step of feedback for two presses at once', async () => {
  const onstep = vi.fn();
  const feedback = { given: '2026-01-30', acknowledged: null, disputed: null, settled: null };
  const shown = render(FeedbackSteps, { feedback, who: 'Ana', today: () => '2026-01-31', onstep });
  await fireEvent.click(screen.getByTestId('feedback-disputed'), { detail: 1 });
  expect(onstep.mock.lastCall).toEqual(['disputed', '2026-01-31']);
  await shown.rerender({ feedback: { ...feedback, disputed: '2026-01-31' } });
  await fireEvent.click(screen.getByTestId('feedback-settled'), { detail: 2 });
  expect(onstep).toHaveBeenCalledTimes(1);
});
