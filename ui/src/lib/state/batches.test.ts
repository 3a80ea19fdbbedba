import { describe, expect, it, vi } from 'vitest';
import { fakeHost, later, taken } from '../host/fake';
import type { Batch, BatchItem, BatchRequest } from '../host/host';
import { BatchSending, UnfinishedBatches } from './batches.svelte';

const request: Omit<BatchRequest, 'key'> = {
  title: 'Call back',
  kind: 'callBack',
  items: [{ label: '099', operation: { operation: 'hangUp', phone: '1001' }, unlessReachedSince: null }],
};
const batch = (parts: Partial<Batch> = {}): Batch => ({
  id: 7,
  title: 'Call back',
  kind: 'callBack',
  person: 'Ana',
  madeMs: 0,
  total: 2,
  waiting: 2,
  done: 0,
  refused: 0,
  unknown: 0,
  leftUnknown: 0,
  leftOut: 0,
  dropped: 0,
  underWay: true,
  ...parts,
});
const item = (place: number, state: BatchItem['state']): BatchItem => ({
  place,
  label: `09${place}`,
  operation: 'HangupPhone',
  state,
  problem: null,
  guid: null,
  said: null,
  left: false,
  endedMs: 1,
});

describe('a batch', () => {
  it('is begun once by a double press, and not again while it is shown', async () => {
    const begun = later<Batch>();
    const host = fakeHost({
      asks: { batch_items: () => ({ total: 0, items: [] }) },
      streams: { batch_begin: begun.ask },
    });
    const sending = new BatchSending(host);
    const presses = [sending.begin(request), sending.begin(request)];
    begun.answer[0]?.(batch());
    await Promise.all(presses);
    host.emit('batch_begin', {
      kind: 'over',
      batch: batch({ waiting: 0, done: 2, underWay: false }),
      stopped: false,
      problem: null,
    });
    await sending.begin(request);
    expect(host.opened('batch_begin')).toHaveLength(1);
    expect([sending.over, sending.batch?.done]).toEqual([true, 2]);
    sending.reset();
    const next = sending.begin(request);
    begun.answer[1]?.(batch({ id: 8 }));
    await next;
    const [first, second] = host.opened('batch_begin');
    expect(second?.request.key).not.toBe(first?.request.key);
  });

  it('that could not be begun is asked for again as the same one', async () => {
    const refused = { code: 'unexpected', params: {}, retryable: true };
    const host = fakeHost({ streams: { batch_begin: () => Promise.reject(refused) } });
    const sending = new BatchSending(host);
    await sending.begin(request);
    expect([sending.busy, sending.problem?.code]).toEqual([false, 'unexpected']);
    await sending.begin(request);
    const [first, second] = host.opened('batch_begin');
    expect(second?.request.key).toBe(first?.request.key);
  });

  it('stops, says what was not done, and what nobody knows waits for a person', async () => {
    const host = fakeHost({
      asks: {
        batch_stop: taken,
        batch_items: ({ state }) =>
          state === 'unknown' ? { total: 1, items: [item(1, 'unknown')] } : { total: 0, items: [] },
        batch_count_as_done: () => batch({ waiting: 0, done: 2, underWay: false }),
      },
      streams: { batch_begin: () => batch() },
    });
    const sending = new BatchSending(host);
    await sending.begin(request);
    host.emit('batch_begin', { kind: 'ended', item: item(0, 'done'), batch: batch({ waiting: 1, done: 1 }) });
    host.emit('batch_begin', {
      kind: 'ended',
      item: item(1, 'unknown'),
      batch: batch({ waiting: 0, done: 1, unknown: 1 }),
    });
    sending.stop();
    const over = batch({ waiting: 0, done: 1, unknown: 1, underWay: false });
    host.emit('batch_begin', { kind: 'over', batch: over, stopped: true, problem: null });
    await vi.waitFor(() => expect(sending.report).toHaveLength(1));
    expect([host.asked('batch_stop').length, sending.stopped, sending.ended.length]).toEqual([1, true, 2]);
    expect(host.opened('batch_send_again')).toEqual([]);
    host.asks.batch_items = () => ({ total: 0, items: [] });
    await sending.countAsDone(7, 1);
    expect([sending.report.length, sending.ended[1]?.state]).toEqual([0, 'done']);
  });

  it('that was settled elsewhere is shown as it is by now', async () => {
    const left = batch({ waiting: 0, done: 1, unknown: 1, underWay: false });
    const host = fakeHost({
      asks: {
        batch_items: ({ state }) => ({ total: 1, items: state === 'unknown' ? [item(1, state)] : [] }),
      },
      streams: {
        batch_begin: (_, on) => {
          on({ kind: 'ended', item: item(1, 'unknown'), batch: left });
          on({ kind: 'over', batch: left, stopped: false, problem: null });
          return left;
        },
      },
    });
    const sending = new BatchSending(host);
    await sending.begin(request);
    await vi.waitFor(() => expect(sending.report).toHaveLength(1));
    host.asks.batch_items = ({ state }) =>
      state === null ? { total: 1, items: [item(1, 'done')] } : { total: 0, items: [] };
    host.asks.batch_list = () => [{ ...left, done: 2, unknown: 0 }];
    await sending.look();
    expect([sending.ended[0]?.state, sending.batch?.done, sending.report.length]).toEqual(['done', 2, 0]);
  });

  it('that tells before it answers is not set back by the answer', async () => {
    const host = fakeHost({
      asks: { batch_items: () => ({ total: 0, items: [] }) },
      streams: {
        batch_begin: (_, on) => {
          on({
            kind: 'over',
            batch: batch({ waiting: 0, done: 2, underWay: false }),
            stopped: false,
            problem: null,
          });
          return batch();
        },
      },
    });
    const sending = new BatchSending(host);
    await sending.begin(request);
    expect([sending.busy, sending.batch?.done]).toEqual([false, 2]);
  });
});

describe('unfinished batches', () => {
  it('are listed with what nobody knows of them', async () => {
    const host = fakeHost({
      asks: {
        batch_list: () => [batch({ unknown: 1, underWay: false }), batch({ id: 8, underWay: false })],
        batch_items: () => ({ total: 2, items: [item(0, 'unknown'), { ...item(1, 'unknown'), left: true }] }),
      },
    });
    const unfinished = new UnfinishedBatches(host);
    await unfinished.look();
    expect(unfinished.unknown[7]?.map((one) => one.place)).toEqual([0]);
    expect(host.asked('batch_items')).toHaveLength(1);
  });
});
