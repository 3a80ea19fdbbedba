import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost } from '../../lib/host/fake';
import type { ReportRow, ReviewLine } from '../../lib/host/host';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { settings } from '../../lib/testing';
import Reports from './Reports.svelte';
import ReviewList from './ReviewList.svelte';

afterEach(cleanup);

const row = (key: string, parts: Partial<ReportRow> = {}): ReportRow => ({
  key,
  question: '',
  reviews: 4,
  scored: 4,
  average: 62.5,
  lowest: 0,
  highest: 100,
  fatal: 1,
  ...parts,
});

const line: ReviewLine = {
  id: 3,
  guid: 'g',
  callAt: '2026-11-03 10:00:00',
  agent: 'Ana',
  campaign: 'Soporte<-',
  reviewer: 'Marta',
  card: 'Calls',
  percent: 0,
  fatal: true,
  tone: 'bad',
  finishedMs: 1,
  feedback: { given: null, acknowledged: null, disputed: null, settled: null },
  notedSecs: 75,
};

function shown() {
  const host = fakeHost({
    asks: {
      review_report: ({ by }) =>
        by === 'question'
          ? [row('Informs', { question: 'law' })]
          : by === 'month'
            ? [row('2026-11')]
            : [row('Ana'), row('', { fatal: 0, lowest: null })],
      disposition_names: () => [],
      review_list: () => [line],
    },
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings();
  render(Reports, { signedIn, onsample: () => undefined });
  return { host, signedIn };
}

const cell = async (key: string, what: string) => {
  const of = () => screen.getAllByTestId('report-row').find((one) => one.dataset.key === key) as HTMLElement;
  await vi.waitFor(() => expect(of()).toBeTruthy());
  return within(of()).queryByTestId(`report-${what}`);
};

it('leads from each figure to the reviews it is made of', async () => {
  const { signedIn } = shown();
  const figure = { question: '', asked: '', fatal: false, score: null };
  const anas = { agent: 'Ana', campaign: '', reviewer: '', card: '' };
  for (const [what, parts] of [
    ['reviews', {}],
    ['average', {}],
    ['lowest', { score: 0 }],
    ['highest', { score: 100 }],
    ['fatal', { fatal: true }],
  ] as const) {
    signedIn.review.within = null;
    await fireEvent.click((await cell('Ana', what)) as HTMLElement);
    expect(signedIn.review.within, what).toMatchObject({ ...figure, ...parts, within: anas });
    expect(signedIn.review.tab).toBe('list');
  }
  // Nobody's name is no narrowing: it would lead to everybody's.
  expect(await cell('', 'reviews')).toBeNull();

  await fireEvent.click(screen.getByTestId('report-question'));
  await fireEvent.click((await cell('Informs', 'fatal')) as HTMLElement);
  expect(signedIn.review.within).toMatchObject({ question: 'law', asked: 'Informs', fatal: true });
});

it('stays inside the days a month was narrowed to', async () => {
  const { signedIn } = shown();
  const [from, to] = document.querySelectorAll<HTMLInputElement>('input[type=date]');
  await fireEvent.input(from as HTMLElement, { target: { value: '2026-11-10' } });
  await fireEvent.input(to as HTMLElement, { target: { value: '2026-12-15' } });
  await fireEvent.click(screen.getByTestId('report-month'));
  await fireEvent.click((await cell('2026-11', 'reviews')) as HTMLElement);
  expect(signedIn.review.within?.within).toMatchObject({ from: '2026-11-10', to: '2026-11' });
});

it('goes on from there to the second that was noted', async () => {
  const { host, signedIn } = shown();
  await fireEvent.click((await cell('Ana', 'fatal')) as HTMLElement);
  cleanup();
  signedIn.review.open = vi.fn(() => Promise.resolve());
  // No layout here: of rows in sight there would be none.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(400);
  render(ReviewList, { signedIn });
  await vi.waitFor(() => screen.getByTestId('review-line'));
  expect(host.asked('review_list').at(-1)?.filter).toMatchObject({
    finished: true,
    fatal: true,
    within: { agent: 'Ana' },
  });
  expect(screen.getByTestId('review-within').textContent).toMatch(/Ana/);
  await fireEvent.click(screen.getByTestId('review-noted'));
  expect(signedIn.review.open).toHaveBeenCalledWith(3, 75);
  await fireEvent.click(screen.getByTestId('review-within'));
  await vi.waitFor(() => expect(host.asked('review_list').at(-1)?.filter.finished).toBe(false));
});
