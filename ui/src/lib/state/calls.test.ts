import { describe, expect, it, vi } from 'vitest';
import type { Answers } from '../host/answers';
import { fakeHost, later, taken } from '../host/fake';
import type { ListSlice, SearchUpdate } from '../host/host';
import { MockList } from '../host/mock-list';
import { call } from '../testing';
import { EMPTY_LOCAL } from './call-list.svelte';
import { CallsState, EMPTY_SEARCH, numberOf, period } from './calls.svelte';
import { checked, dated, hoursOf, hoursText, serverTime } from './calls-search';

const today = '2026-01-31';
const day = { ...EMPTY_SEARCH, ...period('today', today) };

/** A window over a list that is held elsewhere, as the program holds it. */
function calls(more: Partial<Answers> = {}) {
  const list = new MockList();
  const host = fakeHost({
    asks: {
      calls_cancel: taken,
      calls_facets: () => list.facets(),
      calls_flag: ({ guids, flagged }) => list.flag(guids, flagged),
      calls_last_query: () => null,
      calls_place: ({ guid }) => list.place(guid),
      calls_remember: taken,
      calls_slice: ({ from, count }) => list.slice(from, count),
      calls_view: ({ view, count }) => list.look(view, count),
      draft_get: () => null,
      draft_set: taken,
      ...more,
    },
    streams: { calls_search: () => 6 + host.opened('calls_search').length },
  });
  const at = { today };
  const state = new CallsState(host, () => at.today);
  /** What is said of the search asked last, or the `turn`th. */
  const say = (update: SearchUpdate, turn?: number) => host.emit('calls_search', update, turn);
  const found = (rows: ReturnType<typeof call>[], pages = 1) => {
    list.add(rows);
    say({ kind: 'page', calls: list.total, pages, rows: list.total, dropped: 0 });
    say({ kind: 'done', calls: list.total, rows: list.total });
  };
  return { state, host, at, say, list, found };
}

async function searched() {
  const all = calls();
  all.state.search = day;
  await all.state.run();
  return all;
}

const many = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    call({
      guid: `g-${String(n).padStart(5, '0')}`,
      startedAt: `2026-01-31 10:00:${String(n % 60).padStart(2, '0')}`,
    }),
  );
const shown = (state: CallsState) => state.list.held.map((row) => row.call.guid);

describe('a search', () => {
  it('forgets what was typed once the program has taken it, and not what was typed since', async () => {
    const { state, host } = calls();
    const drafts = () => host.asked('draft_set').map((one) => one.text === null);
    const { ask, answer } = later<number>();
    host.streams.calls_search = ask;
    state.search = day;
    state.typed();
    const running = state.run();
    await vi.waitFor(() => expect(drafts()).toEqual([false]));
    answer[0]?.(7);
    await running;
    await vi.waitFor(() => expect(drafts()).toEqual([false, true]));
    const again = state.run();
    state.search.source = '0990';
    state.typed();
    answer[1]?.(8);
    await again;
    host.streams.calls_search = () => Promise.reject({ code: 'storeFailed', params: {}, retryable: false });
    await state.run();
    expect([state.phase, state.query.search.source]).toEqual(['failed', '0990']);
    await vi.waitFor(() => expect(drafts()).toEqual([false, true, false]));
  });

  it('shows what the program holds, in the order it gives', async () => {
    const { state, found } = await searched();
    found([
      call({ guid: 'a', startedAt: '2026-01-31 10:00:00' }),
      call({ guid: 'b', startedAt: '2026-01-31 11:00:00' }),
    ]);
    await vi.waitFor(() => expect(state.shown).toBe(2));
    expect(state.phase).toBe('done');
    await state.list.apply();
    expect(shown(state)).toEqual(['b', 'a']);
    state.list.sortBy('time');
    await vi.waitFor(() => expect(shown(state)).toEqual(['a', 'b']));
  });

  it('does not hear the search before, and stops it', async () => {
    const { state, host, say } = await searched();
    await state.run();
    say({ kind: 'failed', problem: { code: 'timeout', params: {}, retryable: true } }, 0);
    expect(state.phase).toBe('running');
    expect(host.asked('calls_cancel')).toEqual([{ id: 7 }]);
    say({ kind: 'done', calls: 0, rows: 0 });
    await vi.waitFor(() => expect([state.phase, state.problem]).toEqual(['done', null]));
  });

  it('keeps what arrived when it is stopped, and when it fails', async () => {
    const { state, host, say, list } = await searched();
    list.add([call()]);
    await state.cancel();
    expect(host.asked('calls_cancel')).toEqual([{ id: 7 }]);
    say({ kind: 'cancelled' });
    await vi.waitFor(() => expect([state.phase, state.shown]).toEqual(['cancelled', 1]));
    await state.retry();
    say({ kind: 'failed', problem: { code: 'timeout', params: {}, retryable: true } });
    await vi.waitFor(() => expect([state.phase, state.shown]).toEqual(['failed', 1]));
  });

  it('leaves the rows of the one before in sight until it has some of its own, or has none', async () => {
    const { state, say, list, found } = await searched();
    found([call({ guid: 'old' })]);
    await vi.waitFor(() => expect(shown(state)).toEqual(['old']));
    await state.run();
    list.begin();
    expect([shown(state), state.list.earlier]).toEqual([['old'], true]);
    // What looks at the list meanwhile, scrolling or narrowing, does not empty it either.
    state.list.sight(400, 440);
    await state.list.apply();
    expect([shown(state), state.list.earlier]).toEqual([['old'], true]);
    found([call({ guid: 'new' })]);
    await vi.waitFor(() => expect([shown(state), state.list.earlier]).toEqual([['new'], false]));
    await state.run();
    list.begin();
    say({ kind: 'done', calls: 0, rows: 0 });
    await vi.waitFor(() =>
      expect([shown(state), state.list.earlier, state.phase]).toEqual([[], false, 'done']),
    );
  });

  it('takes the rows of the one before away when it fails, at once too', async () => {
    const all = await searched();
    all.found([call({ guid: 'old' })]);
    await vi.waitFor(() => expect(shown(all.state)).toEqual(['old']));
    all.list.begin();
    all.host.streams.calls_search = () => Promise.reject({ code: 'timeout', params: {}, retryable: true });
    await all.state.run();
    expect([shown(all.state), all.state.list.earlier, all.state.phase]).toEqual([[], false, 'failed']);
  });

  it('is not sent while a field cannot be understood', async () => {
    const { state, host } = calls();
    state.search = { ...day, from: 'yesterday', hours: 'noon' };
    state.minText = 'long';
    state.timesText = 'often';
    await state.run();
    expect(host.opened('calls_search')).toEqual([]);
    expect(state.wrong).toEqual({
      from: 'search_bad_date',
      minDuration: 'search_bad_length',
      hours: 'search_bad_hours',
      timesSeen: 'search_bad_times',
    });
    expect(state.search.from).toBe('yesterday');
  });

  it('is sent as it was meant', async () => {
    const { state, host } = calls();
    state.search = { ...day, from: '30/01/2026', to: '2026-01-31 9:30', agent: '  ana ', hours: '9-' };
    state.minText = '1:30';
    state.timesText = '3';
    await state.run();
    expect(host.opened('calls_search')[0]?.query.search).toMatchObject({
      from: '2026-01-30 00:00:00',
      to: '2026-01-31 09:30:59',
      agent: 'ana',
      hours: '09:00-23:59',
      minDurationSecs: 90,
      timesSeen: 3,
    });
    expect(state.manyDays).toBe(true);
  });

  it('of a period means the day it is asked on', async () => {
    const { state, host, at } = calls();
    state.take({ search: { ...EMPTY_SEARCH, period: 'yesterday' }, local: EMPTY_LOCAL });
    expect(state.search.from).toBe('2026-01-30 00:00:00');
    at.today = '2026-02-01';
    await state.run();
    expect(host.opened('calls_search')[0]?.query.search.from).toBe('2026-01-31 00:00:00');
    state.typedDates();
    expect(dated({ ...state.search }, today).from).toBe('2026-01-31 00:00:00');
  });

  it('comes back: what was being typed, the one to open with, the last one, else today', async () => {
    const local = { ...EMPTY_LOCAL, text: 'ana' };
    const query = { search: { ...day, tag: 'recl' }, local };
    const draft = JSON.stringify({ query, minText: '1:', timesText: '' });
    const old = { search: { ...day, tag: 'old', minDurationSecs: 75 }, local };
    const typed = calls({ draft_get: () => draft, calls_last_query: () => old });
    await typed.state.start();
    expect([typed.state.search.tag, typed.state.minText]).toEqual(['recl', '1:']);
    expect(typed.state.list.filter.text).toBe('ana');

    const earlier = calls({ draft_get: ({ key }) => (key === 'calls/search' ? draft : null) });
    await earlier.state.start();
    expect(earlier.state.search.tag).toBe('recl');
    await vi.waitFor(() =>
      expect(earlier.host.asked('draft_set').slice(0, 2)).toEqual([
        { key: 'calls/search/', text: draft },
        { key: 'calls/search', text: null },
      ]),
    );

    const last = calls({ draft_get: () => '{broken', calls_last_query: () => old });
    await last.state.start();
    expect([last.state.search.tag, last.state.minText]).toEqual(['old', '1:15']);
    expect(last.state.list.filter.text).toBe('ana');

    const opens = calls({ draft_get: () => draft, calls_last_query: () => old });
    await opens.state.start({ search: { ...EMPTY_SEARCH, period: 'today', tag: 'first' }, local });
    expect([opens.state.search.tag, opens.state.search.from]).toEqual(['first', '2026-01-31 00:00:00']);

    const first = calls();
    await first.state.start();
    expect(first.state.search).toEqual({ ...day, period: 'today' });

    const quick = calls({ calls_last_query: () => old });
    const starting = quick.state.start();
    quick.state.search.agent = 'ana';
    await starting;
    expect(quick.state.search).toEqual({ ...day, period: 'today', agent: 'ana' });
  });

  it('asks for nothing over what somebody has begun to type', async () => {
    let answer: () => void = () => undefined;
    const looked = new Promise<void>((done) => (answer = done));
    const slow = calls({ calls_view: () => looked.then(() => Promise.reject(new Error('away'))) });
    const starting = slow.state.start();
    await vi.waitFor(() => expect(slow.host.log.includes('calls_view')).toBe(true));
    slow.state.search.from = '';
    answer();
    await starting;
    expect([slow.state.search.from, slow.state.phase]).toEqual(['', 'idle']);
  });
});

describe('the list', () => {
  it('holds the rows around those in sight, and no more', async () => {
    const { state, found, host } = await searched();
    found(many(100_000));
    await vi.waitFor(() => expect(state.shown).toBe(100_000));
    state.list.sight(50_000, 50_030);
    await vi.waitFor(() => expect(state.list.row(50_010)).toBeDefined());
    expect(state.list.held.length).toBeLessThan(1_000);
    // What was passed on the way here is let go.
    for (const place of [60_000, 90_000, 70_000, 50_000]) {
      state.list.sight(place, place + 30);
      await vi.waitFor(() => expect(state.list.row(place + 10)).toBeDefined());
    }
    expect(state.list.row(0)).toBeUndefined();
    const asked = host.log.length;
    state.list.sight(50_020, 50_050);
    expect(host.log).toHaveLength(asked);
  });

  it('moves a selection that stays inside, and follows it to another order', async () => {
    const { state, found } = await searched();
    found(['a', 'b', 'c'].map((guid, i) => call({ guid, lengthSecs: [20, 30, 10][i] ?? 0 })));
    await vi.waitFor(() => expect(state.shown).toBe(3));
    expect((await state.move(1))?.guid).toBe('a');
    expect((await state.move(5))?.guid).toBe('c');
    expect((await state.move(-9))?.guid).toBe('a');
    state.list.sortBy('length');
    await vi.waitFor(() => expect(shown(state)).toEqual(['b', 'a', 'c']));
    expect([state.selected, state.index]).toEqual(['a', 1]);
    await state.narrow({ number: 'nobody' });
    await vi.waitFor(() => expect([state.shown, state.index]).toEqual([0, -1]));
    expect(state.current?.guid).toBe('a');
  });

  it('is remembered as it is narrowed', async () => {
    const { state, host, found } = await searched();
    found(many(3));
    await state.narrow({ answered: 'no' });
    expect(state.shown).toBe(0);
    expect(host.asked('calls_remember').at(-1)).toMatchObject({
      query: { search: { from: day.from }, local: { answered: 'no' } },
    });
    await state.ofNumber('091000001');
    expect([state.shown, state.list.filter.answered]).toEqual([3, 'any']);
  });

  it('does not look for answered calls among the abandoned, and Clear clears what narrows', async () => {
    const { state, host, found } = await searched();
    found([call({ guid: 'a' }), call({ guid: 'b', answered: false })]);
    await state.narrow({ answered: 'yes' });
    await state.show('abandoned');
    expect(host.asked('calls_view').at(-1)?.view.filter.answered).toBe('any');
    await vi.waitFor(() => expect(shown(state)).toEqual(['b']));
    await state.show('calls');
    await vi.waitFor(() => expect(shown(state)).toEqual(['a']));
    state.clearFields();
    await vi.waitFor(() => expect(shown(state)).toEqual(['a', 'b']));
    expect(state.list.filter.answered).toBe('any');
  });

  it('takes a flag back', async () => {
    const { state, found } = await searched();
    found([call()]);
    await vi.waitFor(() => expect(state.shown).toBe(1));
    await state.flag('guid-0001', true);
    expect(state.list.row(0)?.mark.flagged).toBe(true);
    await state.unflag();
    expect([state.list.row(0)?.mark.flagged, state.flagged]).toEqual([false, null]);
  });

  it('does not take an answer for the list before', async () => {
    let late: ((slice: ListSlice) => void) | undefined;
    const { state, host, found, list } = await searched();
    found(many(5));
    await vi.waitFor(() => expect(state.shown).toBe(5));
    host.asks.calls_view = () => new Promise((resolve) => (late = resolve));
    const first = state.narrow({ text: 'x' });
    host.asks.calls_view = ({ view, count }) => list.look(view, count);
    await state.narrow({ text: '' });
    late?.({ revision: 99, total: 5, shown: 0, unjudged: 0, from: 0, rows: [] });
    await first;
    expect(state.shown).toBe(5);
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

  it.each([
    ['9-17:30', '09:00-17:30'],
    [' 09:05 – 11 ', '09:05-11:00'],
    ['22:00-6', '22:00-06:00'],
    ['9-', '09:00-'],
    ['-', null],
    ['9', null],
    ['25-26', null],
    ['9:75-10', null],
  ])('hours %s', (text, expected) => {
    const hours = hoursOf(text);
    expect(hours && hoursText(...hours)).toBe(expected);
  });

  it('must be in order', () => {
    expect(checked({ ...day, to: '2026-01-30' }, '').wrong).toEqual({ to: 'search_bad_to' });
    expect(checked(day, '').wrong).toEqual({});
  });

  it('come as periods', () => {
    expect(period('yesterday', today)).toEqual({ from: '2026-01-30 00:00:00', to: '2026-01-30 23:59:59' });
    expect(period('week', today).from).toBe('2026-01-25 00:00:00');
    expect(period('month', today).from).toBe('2026-01-01 00:00:00');
  });

  it('belong to the other party', () => {
    expect(numberOf(call({ direction: 'outbound' }))).toBe('20000001');
    expect(numberOf(call())).toBe('091000001');
  });
});
