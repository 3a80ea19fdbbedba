import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import en from '../../../messages/en.json';
import { fakeHost, taken } from '../../lib/host/fake';
import type { BatchLine, BatchOutcome, Problem } from '../../lib/host/host';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { call } from '../../lib/testing';
import BatchTags from './BatchTags.svelte';

beforeEach(() => {
  // Not in the DOM of tests.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
});
afterEach(cleanup);

const problem = (code: string): Problem => ({ code, params: {}, retryable: false });
const line = (guid: string, outcome: BatchOutcome, why: string | null = null): BatchLine => ({
  guid,
  outcome,
  problem: why === null ? null : problem(why),
});
const lines = [
  line('a', 'done'),
  line('b', 'done'),
  line('c', 'already'),
  line('d', 'refused', 'forbidden'),
  line('e', 'unknown', 'timeout'),
];

it('counts what became of each tag, lists those not done with why, and writes all of them to the file', async () => {
  const host = fakeHost({
    asks: {
      exported: taken,
      save_table: () => '/tags.csv',
      tags_for: () => [],
      tags_recent: () => [],
    },
    streams: { tag_batch: taken },
  });
  const calls = lines.map(({ guid }) => call({ guid, agent: guid.toUpperCase() }));
  render(BatchTags, { signedIn: new SignedIn(new App(host)), calls, onclose: () => undefined });
  const field = screen.getByTestId('batch-text');
  await fireEvent.input(field, { target: { value: 'vip' } });
  await fireEvent.submit(field.closest('form') as HTMLFormElement);
  host.emit('tag_batch', { kind: 'going', done: 1, total: 5 });
  host.emit('tag_batch', { kind: 'done', cancelled: false, total: 5, lines });

  const report = await screen.findByTestId('batch-report');
  expect(report.dataset).toMatchObject({ sent: '2', failed: '2' });
  expect(report.textContent?.trim()).toBe('Done: 2. Had it already: 1. Refused: 1. No answer: 1.');
  const told = screen.getAllByRole('listitem').map((item) => {
    const why = item.querySelector('span');
    return [item.textContent?.trim().slice(0, 1), why?.textContent, why?.className];
  });
  expect(told).toEqual([
    ['D', en.problem_forbidden, expect.stringContaining('bad')],
    ['E', en.write_no_answer, expect.stringContaining('warn')],
  ]);

  await fireEvent.click(screen.getByText(en.review_batch_save));
  await vi.waitFor(() => expect(host.asked('exported')).toHaveLength(1));
  const [, ...rows] = host.asked('save_table')[0]?.rows ?? [];
  expect(rows.map(([name, tag, outcome, why]) => [name?.slice(0, 1), tag, outcome, why])).toEqual([
    ['A', 'vip', en.review_batch_done, ''],
    ['B', 'vip', en.review_batch_done, ''],
    ['C', 'vip', en.review_batch_already, ''],
    ['D', 'vip', en.review_batch_refused, en.problem_forbidden],
    ['E', 'vip', en.review_batch_unknown, en.write_no_answer],
  ]);
});
