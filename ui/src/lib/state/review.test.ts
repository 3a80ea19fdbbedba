import { NOTHING_ASKED } from '../sound-words';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeHost, fakeHost, taken } from '../host/fake';
import type { Answer, Card, Note, Problem, Question, Review, Sample, SampleItem } from '../host/host';
import { call } from '../testing';
import { Listening } from './listening.svelte';
import { PlayerState } from './player.svelte';
import { answerOf, beside, ReviewState } from './review.svelte';

const question = (parts: Partial<Question>): Question => ({
  id: 'q',
  text: 'Greets',
  help: '',
  kind: { kind: 'yesNo' },
  weight: 1,
  fatal: false,
  optional: true,
  comment: 'never',
  ...parts,
});
const scale = question({ kind: { kind: 'scale', low: 1, high: 5 } });
const choice = question({
  kind: {
    kind: 'choice',
    options: [
      { label: 'all', percent: 100 },
      { label: 'none', percent: 0 },
    ],
  },
});

const card: Card = {
  id: 'c',
  version: 1,
  name: 'Calls',
  sections: [{ id: 's', title: 'All', questions: [question({ id: 'one' }), question({ id: 'two' })] }],
  bands: [],
};

/** A program that keeps reviews in memory and answers when told to. */
class Desk {
  kept: Review['answers'][] = [];
  drafts = new Map<string, string | null>();
  marked: string[] = [];
  waiting: (() => void)[] = [];
  slow = false;
  fails = false;
  notes: Note[] = [{ id: 1, guid: 'a', atSecs: 3, text: 'x', shared: true, reviewer: 'Marta', madeMs: 0 }];
  states: Record<string, SampleItem['state']> = { a: 'open', b: 'open', c: 'open' };
  /** Who holds what, of the others. */
  held = new Map<string, string>();

  review(guid: string, answers: Review['answers'] = {}): Review {
    const given = Object.values(answers).filter((answer: Answer) => answer.value).length;
    return {
      id: guid.charCodeAt(0),
      call: call({ guid }),
      card,
      newerCard: false,
      reviewer: 'Marta',
      calibration: null,
      answers,
      comment: '',
      scored: {
        percent: given ? 100 : null,
        beforeFatal: null,
        fatal: [],
        answered: given,
        questions: 2,
        missing: ['one', 'two'].filter((id) => !answers[id]?.value),
        commentsMissing: [],
        sections: [],
        items: [],
        band: null,
        tone: null,
      },
      finishedMs: null,
      feedback: { given: null, acknowledged: null, disputed: null, settled: null },
    };
  }

  sample(): Sample {
    const states = Object.values(this.states);
    return {
      id: 7,
      request: {
        name: 'March',
        from: '2026-03-01 00:00:00',
        to: '2026-03-31 23:59:59',
        campaign: '',
        agents: [],
        perAgent: 3,
        each: {},
        direction: null,
        disposition: '',
        minSecs: 0,
        maxSecs: null,
        skipReviewed: false,
        card: 'c',
        seed: 1,
        ...NOTHING_ASKED,
      },
      madeMs: 0,
      calls: 3,
      done: states.filter((state) => state === 'done').length,
      skipped: states.filter((state) => state === 'skipped').length,
      at: 'b',
      handed: null,
    };
  }

  host(): FakeHost {
    const refusal = (code: string, params = {}): Problem => ({
      code,
      params,
      retryable: code === 'storeFailed',
    });
    return fakeHost({
      asks: {
        review_cards: () => [card],
        samples: () => [this.sample()],
        sample_items: () =>
          Object.entries(this.states).map(([guid, state]) => ({
            call: call({ guid }),
            state,
            reason: '',
            percent: null,
          })),
        review_open: (args) => this.review(args.call.guid, this.kept.at(-1) ?? {}),
        review_change: async ({ id, answers }) => {
          if (this.slow) await new Promise<void>((go) => this.waiting.push(go));
          if (this.fails) throw refusal('storeFailed');
          this.kept.push(answers);
          return this.review(String.fromCharCode(id), answers);
        },
        review_finish: ({ id }) => {
          const guid = String.fromCharCode(id);
          const review = this.review(guid, this.kept.at(-1) ?? {});
          if (review.scored.missing.length) throw refusal('reviewIncomplete', { count: '1' });
          this.states[guid] = 'done';
          return { ...review, finishedMs: 1 };
        },
        notes_of: ({ guid }) => (guid === 'b' ? this.notes : []),
        sample_at: ({ guid }) => {
          this.marked.push(guid);
          const by = this.held.get(guid);
          return by === undefined ? null : { guid, by, mine: false };
        },
        sample_claims: () => [...this.held].map(([guid, by]) => ({ guid, by, mine: false })),
        sample_take_over: ({ guid }) => {
          this.held.delete(guid);
          return null;
        },
        draft_get: ({ key }) => this.drafts.get(key) ?? null,
        draft_set: ({ key, text }) => {
          this.drafts.set(key, text);
          return null;
        },
        recording_prefetch: taken,
      },
      streams: { recording_open: taken },
    });
  }
}

let desk: Desk;
let host: FakeHost;
let player: PlayerState;
let listening: Listening;
let judging: ReviewState;
beforeEach(() => {
  desk = new Desk();
  host = desk.host();
  player = new PlayerState(host);
  listening = new Listening(host, player, () => false);
  judging = new ReviewState(host, player, listening);
});

describe('with others at the same worklist', () => {
  beforeEach(() => {
    judging = new ReviewState(host, player, listening, undefined, () => true);
  });

  it('looks at what another holds, judges it once it is taken over, and passes over it on the way', async () => {
    desk.held.set('b', 'Bruno');
    await judging.enter();
    // It was left there, and somebody else has it by now.
    expect([judging.call?.guid, judging.heldBy, judging.review]).toEqual(['b', 'Bruno', null]);
    expect(host.asked('review_open')).toEqual([]);
    await judging.look(call({ guid: 'a' }), false);
    judging.answer('one', { value: { kind: 'yes' } });
    judging.answer('two', { value: { kind: 'yes' } });
    expect(await judging.finish()).toBe(true);
    expect([judging.call?.guid, judging.heldBy, judging.review?.call.guid]).toEqual(['c', null, 'c']);
    await judging.look(call({ guid: 'b' }), false);
    await judging.takeOver();
    expect([judging.heldBy, judging.review?.call.guid]).toEqual([null, 'b']);
  });

  it('judges no further once a lead has taken it over, and goes on when it is given back', async () => {
    await judging.enter();
    judging.answer('one', { value: { kind: 'yes' } });
    desk.held.set('b', 'Bruno');
    await judging.others();
    expect([judging.heldBy, judging.fixed]).toEqual(['Bruno', true]);
    judging.answer('two', { value: { kind: 'yes' } });
    judging.comment('too late');
    expect(await judging.finish()).toBe(false);
    // What was answered before is there.
    expect([judging.review?.answers.one?.value, judging.review?.answers.two]).toEqual([
      { kind: 'yes' },
      undefined,
    ]);
    expect(judging.review?.comment).toBe('');
    desk.held.delete('b');
    await judging.others();
    expect([judging.heldBy, judging.fixed, judging.call?.guid]).toEqual([null, false, 'b']);
  });

  it('looks at what is judged, whoever else does', async () => {
    desk.states.b = 'done';
    desk.held.set('b', 'Bruno');
    await judging.enter();
    expect([judging.heldBy, judging.review?.call.guid]).toEqual([null, 'b']);
  });
});

describe('keys', () => {
  it('answer what the question knows and nothing else', () => {
    const yes = question({});
    expect([1, 2, 0, 3].map((digit) => answerOf(yes, digit)?.kind)).toEqual(['yes', 'no', 'no', undefined]);
    expect([0, 1, 5, 6].map((digit) => answerOf(scale, digit))).toEqual([
      null,
      { kind: 'scale', value: 1 },
      { kind: 'scale', value: 5 },
      null,
    ]);
    expect([1, 2, 3].map((digit) => answerOf(choice, digit))).toEqual([
      { kind: 'choice', index: 0 },
      { kind: 'choice', index: 1 },
      null,
    ]);
  });

  it('go to the better and the worse answer, and stop at the ends', () => {
    expect(beside(scale, { kind: 'scale', value: 5 }, 1)).toEqual({ kind: 'scale', value: 5 });
    expect(beside(scale, { kind: 'scale', value: 5 }, -1)).toEqual({ kind: 'scale', value: 4 });
    expect(beside(choice, { kind: 'choice', index: 1 }, 1)).toEqual({ kind: 'choice', index: 0 });
    expect(beside(question({}), null, -1)).toEqual({ kind: 'no' });
  });
});

describe('judging', () => {
  it('opens where it was left, with what was being typed', async () => {
    desk.drafts.set('note/b', JSON.stringify({ id: null, secs: 4, text: 'half a', shared: false }));
    await judging.enter();
    expect(judging.call?.guid).toBe('b');
    expect(judging.book.draft).toMatchObject({ text: 'half a', shared: false });
    await judging.hear();
    expect(host.opened('recording_open').map((args) => args.request.call.guid)).toEqual(['b']);
    expect(host.asked('recording_prefetch').map((args) => args.call.guid)).toEqual(['c']);
    expect(listening.notesHeard.map((note) => [note.id, note.atSecs, note.text])).toEqual([[1, 3, 'x']]);
  });

  it('keeps the newest answers, one write at a time, and never shows older ones', async () => {
    await judging.enter();
    desk.slow = true;
    judging.answer('one', { value: { kind: 'yes' } });
    judging.answer('one', { comment: 'a' });
    judging.answer('one', { comment: 'ab' });
    // The first is through, the newest under way: what it brought back is old already.
    desk.waiting.shift()?.();
    await vi.waitFor(() => expect(desk.waiting).toHaveLength(1));
    expect(judging.review?.answers.one?.comment).toBe('ab');
    desk.waiting.shift()?.();
    await judging.settle();
    expect(desk.kept).toHaveLength(2);
    expect(desk.kept.at(-1)).toEqual({ one: { value: { kind: 'yes' }, comment: 'ab' } });
    expect(judging.review?.answers.one?.comment).toBe('ab');
    expect(judging.review?.scored.answered).toBe(1);
  });

  it('says when an answer could not be kept, and leaves it on the screen', async () => {
    await judging.enter();
    desk.fails = true;
    judging.answer('one', { value: { kind: 'no' } });
    await judging.settle();
    expect(judging.unkept?.code).toBe('storeFailed');
    expect(judging.review?.answers.one?.value).toEqual({ kind: 'no' });
    desk.fails = false;
    judging.answer('two', { value: { kind: 'yes' } });
    await judging.settle();
    expect(judging.unkept).toBeNull();
    expect(Object.keys(desk.kept.at(-1) ?? {})).toEqual(['one', 'two']);
  });

  it('stays where something is missing and goes on to the next open call when whole', async () => {
    await judging.enter();
    judging.answer('one', { value: { kind: 'yes' } });
    judging.at = 0;
    expect(await judging.finish()).toBe(false);
    expect([judging.at, judging.problem?.code, judging.call?.guid]).toEqual([1, 'reviewIncomplete', 'b']);
    judging.answer('two', { value: { kind: 'no' } });
    expect(await judging.finish()).toBe(true);
    expect(judging.call?.guid).toBe('c');
    expect(judging.sample?.done).toBe(1);
    expect(desk.marked.at(-1)).toBe('c');
    // Heard at once; the first, left open, is fetched for later.
    expect(host.opened('recording_open').map((args) => args.request.call.guid)).toEqual(['c']);
  });
});
