import { describe, expect, it, vi } from 'vitest';
import type { Host, Search, SearchUpdate } from '../host/host';
import { call } from '../testing';
import { CallsState, EMPTY_SEARCH, numberOf, period } from './calls.svelte';
import { checked, merge, order, serverTime } from './calls-search';

const noon = new Date(2026, 0, 31, 12);
const day = { ...EMPTY_SEARCH, ...period('today', noon) };

function calls(replies: Record<string, unknown> = {}) {
  const says: ((update: SearchUpdate) => void)[] = [];
  const stream = vi.fn((_name: string, _args: { search: Search }, on: (update: SearchUpdate) => void) => {
    says.push(on);
    return Promise.resolve(6 + says.length);
  });
  const ask = vi.fn((name: string) => Promise.resolve(replies[name] ?? null));
  const state = new CallsState({ ask, stream } as unknown as Host);
  return { state, ask, stream, says, say: (update: SearchUpdate) => says.at(-1)?.(update) };
}

const page = (rows: ReturnType<typeof call>[], pages = 1, dropped = 0): SearchUpdate => ({
  kind: 'page',
  calls: rows,
  pages,
  rows: rows.length,
  dropped,
});

async function searched(replies?: Record<string, unknown>) {
  const all = calls(replies);
  all.state.search = day;
  await all.state.run();
  return all;
}

describe('a search', () => {
  it('merges pages by guid and keeps the order', async () => {
    const { state, say } = await searched();
    const at = (guid: string, time: string, lengthSecs = 60) =>
      call({ guid, startedAt: `2026-01-31 ${time}`, lengthSecs });
    say(page([at('a', '10:00:00'), at('c', '08:00:00')]));
    say(page([at('b', '09:00:00'), at('a', '10:00:00', 99)], 2, 1));
    say({ kind: 'done', calls: 3, rows: 4 });
    expect(state.rows.map((row) => row.guid)).toEqual(['a', 'b', 'c']);
    expect(state.rows[0]?.lengthSecs).toBe(99);
    expect([state.dropped, state.phase]).toEqual([1, 'done']);
    expect(state.takeFresh()).toEqual(['a', 'c', 'b']);
    expect(state.takeFresh()).toEqual([]);
  });

  it('does not hear the search before, and stops it', async () => {
    const { state, ask, says } = await searched();
    await state.run();
    says[0]?.(page([call()]));
    says[0]?.({ kind: 'failed', problem: { code: 'timeout', params: {}, retryable: true } });
    expect([state.phase, state.rows.length]).toEqual(['running', 0]);
    expect(ask).toHaveBeenCalledWith('calls_cancel', { id: 7 });
  });

  it('keeps what arrived when it is stopped, and when it fails', async () => {
    const { state, ask, say } = await searched();
    say(page([call()]));
    await state.cancel();
    expect(ask).toHaveBeenCalledWith('calls_cancel', { id: 7 });
    say({ kind: 'cancelled' });
    expect([state.phase, state.rows.length]).toEqual(['cancelled', 1]);
    await state.retry();
    say(page([call()]));
    say({ kind: 'failed', problem: { code: 'timeout', params: {}, retryable: true } });
    expect([state.phase, state.rows.length]).toEqual(['failed', 1]);
  });

  it('is not sent while a field cannot be understood', async () => {
    const { state, stream } = calls();
    state.search = { ...day, from: 'yesterday' };
    state.minText = 'long';
    await state.run();
    expect(stream).not.toHaveBeenCalled();
    expect(state.wrong).toEqual({ from: 'calls_bad_date', minDuration: 'calls_bad_length' });
    expect(state.search.from).toBe('yesterday');
  });

  it('is sent as it was meant', async () => {
    const { state, stream } = calls();
    state.search = { ...day, from: '30/01/2026', to: '2026-01-31 9:30', agent: '  ana ' };
    state.minText = '1:30';
    await state.run();
    expect(stream.mock.calls[0]?.[1].search).toMatchObject({
      from: '2026-01-30 00:00:00',
      to: '2026-01-31 09:30:59',
      agent: 'ana',
      minDurationSecs: 90,
    });
    expect(state.manyDays).toBe(true);
  });

  it('comes back: what was being typed, else the last one, else today', async () => {
    const draft = JSON.stringify({ search: { ...day, tag: 'recl' }, minText: '1:' });
    const typed = calls({ draft_get: draft, calls_last_search: { ...day, tag: 'old' } });
    await typed.state.start(noon);
    expect([typed.state.search.tag, typed.state.minText]).toEqual(['recl', '1:']);

    const last = calls({ draft_get: '{broken', calls_last_search: { ...day, minDurationSecs: 75 } });
    await last.state.start(noon);
    expect([last.state.search.from, last.state.minText]).toEqual(['2026-01-31 00:00:00', '1:15']);

    const first = calls();
    await first.state.start(noon);
    expect(first.state.search).toEqual(day);

    const quick = calls({ calls_last_search: { ...day, tag: 'old' } });
    const starting = quick.state.start(noon);
    quick.state.search.agent = 'ana';
    await starting;
    expect(quick.state.search).toEqual({ ...day, agent: 'ana' });
  });

  it('sorts, and moves a selection that stays inside', async () => {
    const { state, say } = await searched();
    const rows = ['a', 'b', 'c'].map((guid, i) =>
      call({ guid, startedAt: `2026-01-31 10:00:0${9 - i}`, lengthSecs: [20, 30, 10][i] ?? 0 }),
    );
    say(page(rows));
    expect(state.move(1)?.guid).toBe('a');
    expect(state.move(5)?.guid).toBe('c');
    expect(state.move(-9)?.guid).toBe('a');
    state.sortBy('length');
    expect(state.rows.map((row) => row.guid)).toEqual(['b', 'a', 'c']);
    expect([state.selected, state.index]).toEqual(['a', 1]);
    state.sortBy('length');
    expect(state.rows.map((row) => row.guid)).toEqual(['c', 'a', 'b']);
  });

  it('takes 100,000 calls page by page', async () => {
    const { state, say } = await searched();
    for (let n = 0; n < 200; n += 1) {
      const rows = Array.from({ length: 500 }, (_, i) => {
        const at = (n * 500 + i * 7919) % 86400;
        const two = (x: number) => String(Math.floor(x)).padStart(2, '0');
        const time = `${two(at / 3600)}:${two((at / 60) % 60)}:${two(at % 60)}`;
        return call({ guid: `${n}-${i}`, startedAt: `2026-01-31 ${time}` });
      });
      say(page(rows, n + 1));
    }
    expect(state.rows).toHaveLength(100_000);
    expect(
      state.rows.every((row, i) => i === 0 || (state.rows[i - 1]?.startedAt ?? '') >= row.startedAt),
    ).toBe(true);
  });
});

describe('moments as typed', () => {
  it.each([
    ['2026-01-31', false, '2026-01-31 00:00:00'],
    ['2026-01-31', true, '2026-01-31 23:59:59'],
    ['2026-1-3 9:05', false, '2026-01-03 09:05:00'],
    ['2026-01-31T09:05', true, '2026-01-31 09:05:59'],
    [' 31/01/2026 09:05:07 ', true, '2026-01-31 09:05:07'],
    ['2026-02-30', false, null],
    ['2026-01-31 24:00', false, null],
    ['31-01-2026', false, null],
    ['', false, null],
  ])('%s', (text, end, expected) => expect(serverTime(text, end)).toBe(expected));

  it('must be in order', () => {
    expect(checked({ ...day, to: '2026-01-30' }, '').wrong).toEqual({ to: 'calls_bad_to' });
    expect(checked(day, '').wrong).toEqual({});
  });

  it('come as periods', () => {
    expect(period('yesterday', noon)).toEqual({ from: '2026-01-30 00:00:00', to: '2026-01-30 23:59:59' });
    expect(period('week', noon).from).toBe('2026-01-25 00:00:00');
    expect(period('month', noon).from).toBe('2026-01-01 00:00:00');
  });
});

describe('rows', () => {
  it('show the other party', () => {
    expect(numberOf(call({ direction: 'outbound' }))).toBe('20000001');
    expect(numberOf(call())).toBe('091000001');
  });

  it('merge as a sort of all would', () => {
    const by = order('campaign', false);
    const rows = Array.from({ length: 40 }, (_, i) => call({ guid: `g${i}`, campaign: `C${(i * 7) % 5}` }));
    const [a, b] = [rows.slice(0, 23).sort(by), rows.slice(23).sort(by)];
    expect(merge(a, b, by)).toEqual([...rows].sort(by));
  });
});
