import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import en from '../../../messages/en.json';
import type { Answers } from '../../lib/host/answers';
import { fakeHost, later, taken, watches } from '../../lib/host/fake';
import type { AgentCalls, AgentReview, Call, Problem } from '../../lib/host/host';
import { MockList } from '../../lib/host/mock-list';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { agent, call, settings } from '../../lib/testing';
import PersonCalls from './PersonCalls.svelte';
import PersonReviews from './PersonReviews.svelte';

afterEach(cleanup);

const broken: Problem = { code: 'timeout', params: {}, retryable: true };
const lucia = agent({ name: 'Lucía Pereira', location: 'SIP/1001' });
const leg = (agent: string, disposition: string) => ({
  id: 1,
  calldate: '2026-01-31 10:00:00',
  agent,
  disposition,
  durationSecs: 60,
  talkSecs: 50,
  cause: '16',
});
const two = [
  call({
    guid: 'late',
    startedAt: '2026-01-31 11:30:00',
    source: '099111222',
    lengthSecs: 125,
    legs: [leg('Lucía Pereira', 'ANSWERED')],
  }),
  // It rang with her, and somebody else took it.
  call({
    guid: 'early',
    startedAt: '2026-01-31 10:00:00',
    agent: 'Ana',
    legs: [leg('Lucía Pereira', 'NO ANSWER'), leg('Ana', 'ANSWERED')],
  }),
];

function shown(
  part: typeof PersonCalls | typeof PersonReviews,
  asks: Partial<Answers>,
  streams: Parameters<typeof fakeHost>[0] = {},
  whose = lucia,
) {
  const host = fakeHost({ asks, streams: { ...watches, ...streams.streams } });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings();
  const person = signedIn.panels.person();
  const page = render(part, { signedIn, agent: whose, person });
  return { host, signedIn, person, page };
}
const text = (id: string) => screen.getByTestId(id).textContent;

it("says that calls come, then how many and which; none of them are another person's", async () => {
  const answers = later<AgentCalls>();
  const ana = agent({ name: 'Ana Ferreiro', location: 'SIP/2' });
  const { page, signedIn, person } = shown(PersonCalls, { calls_of_agent: answers.ask }, {}, ana);
  await vi.waitFor(() => expect(text('person-calls-today')).toContain(en.person_calls_loading));
  expect(text('person-calls-today-count')).toBe('–');
  await page.rerender({ signedIn, agent: lucia, person });
  await vi.waitFor(() => expect(answers.answer).toHaveLength(2));
  answers.answer[1]?.({ count: 23, calls: two });
  answers.answer[0]?.({ count: 1, calls: [] });
  await vi.waitFor(() => expect(text('person-calls-today-count')).toBe('23'));
  expect(screen.getAllByTestId('person-call').map((row) => row.textContent?.replace(/\s+/g, ' '))).toEqual([
    expect.stringMatching(/11:30.*099111222.*Soporte.*2:05/),
    expect.stringMatching(/10:00.*not answered/),
  ]);
});

it('tells a failure from a day without calls, and what to do about either', async () => {
  let fails = true;
  const { host } = shown(PersonCalls, {
    calls_of_agent: () => {
      if (fails) throw broken;
      return { count: 0, calls: [] };
    },
  });
  await vi.waitFor(() => expect(screen.getByRole('alert')).toBeTruthy());
  expect(text('person-calls-today')).not.toContain(en.person_calls_none);
  fails = false;
  await fireEvent.click(screen.getByTestId('person-calls-today-again'));
  await vi.waitFor(() => expect(text('person-calls-today')).toContain(en.person_calls_none));
  expect(screen.queryByRole('alert')).toBeNull();
  expect(host.asked('calls_of_agent')).toHaveLength(2);
});

it('opens the call pressed in the list of its search, once that has found it', async () => {
  const list = new MockList();
  const { host, signedIn } = shown(
    PersonCalls,
    {
      calls_of_agent: () => ({ count: 2, calls: two }),
      calls_place: ({ guid }) => list.place(guid),
      calls_slice: ({ from, count }) => list.slice(from, count),
      calls_view: ({ view, count }) => list.look(view, count),
      calls_facets: () => list.facets(),
      draft_set: taken,
      settings_change: ({ parts }) => settings(parts),
      tags_for: () => [],
      calls_cancel: taken,
    },
    { streams: { calls_search: () => 7 } },
  );
  await fireEvent.click((await screen.findAllByTestId('person-call'))[1] as HTMLElement);
  await vi.waitFor(() => expect(host.opened('calls_search')[0]?.query.search.agent).toBe('Lucía Pereira'));
  expect(signedIn.view).toBe('calls');
  const found = (rows: Call[], pages: number) => {
    list.add(rows);
    host.emit('calls_search', { kind: 'page', calls: list.total, pages, rows: list.total, dropped: 0 });
  };
  found([two[0] as Call], 1);
  await vi.waitFor(() => expect(signedIn.calls.shown).toBe(1));
  expect(signedIn.calls.selected).toBeNull();
  found([two[1] as Call], 2);
  await vi.waitFor(() => expect(signedIn.calls.selected).toBe('early'));
  host.emit('calls_search', { kind: 'done', calls: 2, rows: 2 });
  await vi.waitFor(() => expect(signedIn.calls.phase).toBe('done'));
  expect(signedIn.calls.absent).toBeNull();
});

const review = (parts: Partial<AgentReview>): AgentReview => ({
  id: 1,
  guid: 'late',
  card: 'Service',
  score: 92,
  fatal: false,
  tone: 'ok',
  finishedAt: Date.UTC(2026, 0, 31, 15),
  callAt: '2026-01-31 11:30:00',
  ...parts,
});

it('shows each score in its colour, a fatal one as such, and what could not be opened stays and says why', async () => {
  const { signedIn } = shown(PersonReviews, {
    agent_reviews: () => [
      review({}),
      review({ id: 2, score: 0, fatal: true, tone: 'bad' }),
      review({ id: 3, score: null, tone: null }),
    ],
    review_get: () => {
      throw { ...broken, code: 'reviewGone' };
    },
  });
  const scores = (await screen.findAllByTestId('person-review')).map((row) => row.lastElementChild);
  expect(scores.map((one) => [one?.classList[0], one?.textContent?.trim()])).toEqual([
    ['ok', '92 %'],
    ['bad', '0 %'],
    [expect.anything(), '–'],
  ]);
  expect(scores[1]?.querySelector('[aria-label]')?.getAttribute('aria-label')).toBe(en.review_fatal);
  await fireEvent.click(screen.getAllByTestId('person-review')[0] as HTMLElement);
  await vi.waitFor(() => expect(screen.getByRole('alert')).toBeTruthy());
  expect(signedIn.view).toBe('floor');
});

it('says that nobody judged them yet, and how one begins', async () => {
  shown(PersonReviews, { agent_reviews: () => [] });
  await vi.waitFor(() => expect(text('person-reviews')).toContain(en.person_reviews_none));
  expect(text('person-reviews-count')).toBe('0');
});
