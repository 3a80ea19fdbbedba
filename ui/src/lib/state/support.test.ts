import { expect, test } from 'vitest';
import type { Breakdown } from '../host/host';
import { fakeHost, taken } from '../host/fake';
import { Drafts } from './drafts';
import { SupportState } from './support.svelte';

const broke: Breakdown = { atMs: 5, seen: false };

function opened(asks: Parameters<typeof fakeHost>[0] = {}) {
  const host = fakeHost({
    asks: {
      draft_get: () => null,
      draft_set: taken,
      support_report: ({ happened, names }) => `${happened}|${names}`,
      ...asks.asks,
    },
  });
  return { host, support: new SupportState(host, new Drafts(host)) };
}

test('what broke is offered until it was looked at, or put away', async () => {
  const { host, support } = opened({ asks: { broke_last: () => broke, broke_seen: taken } });
  await support.look();
  expect(support.broke).toEqual(broke);
  await support.show();
  expect(support.broke).toEqual(broke);
  support.close();
  expect(support.broke).toBeNull();
  expect(host.asked('broke_seen')).toHaveLength(1);
  support.close();
  expect(host.asked('broke_seen')).toHaveLength(1);
});

test('what is shown is of the newest words, and is what is written', async () => {
  const late: (() => void)[] = [];
  const { host, support } = opened({
    asks: {
      support_report: ({ happened, names }) =>
        new Promise<string>((done) => late.push(() => done(`${happened}|${names}`))),
      support_save: () => '/x/report.txt',
    },
  });
  const shown = support.show();
  await expect.poll(() => late.length).toBe(1);
  late[0]?.();
  await shown;
  support.say('it');
  support.say('it stopped');
  support.choose(true);
  // However much is typed meanwhile: one question at a time.
  await expect.poll(() => late.length).toBe(2);
  late[1]?.();
  await expect.poll(() => late.length).toBe(3);
  late[2]?.();
  await expect.poll(() => support.text).toBe('it stopped|true');
  expect(host.asked('support_report').map(({ happened }) => happened)).toEqual(['', 'it', 'it stopped']);
  expect(host.asked('draft_set').at(-1)).toEqual({ key: 'support', text: 'it stopped' });
  await support.save('Save', 'report.txt');
  expect(host.asked('support_save')).toEqual([
    { title: 'Save', name: 'report.txt', text: 'it stopped|true' },
  ]);
  expect(support.written).toBe('/x/report.txt');
  await expect.poll(() => host.asked('draft_set').at(-1)).toEqual({ key: 'support', text: null });
});

test('a report that cannot be written says why, and what was typed is still there', async () => {
  const problem = { code: 'exportFailed', params: {}, retryable: false };
  const { support } = opened({
    asks: {
      draft_get: () => 'typed before',
      support_save: () => {
        throw problem;
      },
    },
  });
  await support.show();
  expect(support.text).toBe('typed before|false');
  await support.save('Save', 'report.txt');
  expect(support.problem).toEqual(problem);
  support.close();
  await support.show();
  expect(support.happened).toBe('typed before');
});
