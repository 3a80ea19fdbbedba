import { NOTHING_ASKED } from '../sound-words';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeHost, taken, watches, wished } from '../host/fake';
import type {
  Call,
  ListSlice,
  Note,
  Place,
  Review,
  Sample,
  SampleItem,
  Settings,
  Transport,
} from '../host/host';
import { call, listRow, settings } from '../testing';
import { App } from './app.svelte';
import { PAUSE_SECS } from './listening.svelte';
import { SignedIn } from './signed-in.svelte';
import { single } from './sources';

const card = { id: 'c', version: 1, name: 'Calls', sections: [], bands: [] };
const note: Note = {
  id: 1,
  guid: 'w2',
  atSecs: 75,
  text: 'promete',
  shared: true,
  reviewer: 'Ana',
  madeMs: 0,
};
const place: Place = { host: 'telephony', day: null, format: 'mp3' };

const review = (of: Call): Review => ({
  id: 1,
  call: of,
  card,
  newerCard: false,
  reviewer: 'Ana',
  calibration: null,
  answers: {},
  comment: '',
  scored: {
    percent: null,
    beforeFatal: null,
    fatal: [],
    answered: 0,
    questions: 0,
    missing: [],
    commentsMissing: [],
    sections: [],
    items: [],
    band: null,
    tone: null,
  },
  finishedMs: null,
  feedback: { given: null, acknowledged: null, disputed: null, settled: null },
});

const sample: Sample = {
  id: 7,
  request: {
    name: 'March',
    from: '',
    to: '',
    campaign: '',
    agents: [],
    perAgent: 1,
    each: {},
    direction: null,
    disposition: '',
    minSecs: 0,
    maxSecs: null,
    skipReviewed: true,
    card: 'c',
    seed: 1,
    ...NOTHING_ASKED,
  },
  madeMs: 0,
  calls: 3,
  done: 0,
  skipped: 0,
  at: 'w1',
  handed: null,
};
const items: SampleItem[] = ['w1', 'w2', 'w3'].map((guid) => ({
  call: call({ guid }),
  state: 'open',
  reason: '',
  percent: null,
}));

/** A session: five calls in the list, nobody answered the third; three others in the worklist. */
async function desk(parts: Partial<Settings> = {}, turned = false) {
  const rows = ['a', 'b', 'c', 'd', 'e'].map((guid) => listRow({ guid, answered: guid !== 'c' }));
  if (turned) rows.reverse();
  const slice = (from: number, count: number): ListSlice => ({
    revision: 1,
    total: rows.length,
    shown: rows.length,
    unjudged: 0,
    from,
    rows: rows.slice(from, from + count),
  });
  const written = [note];
  const host = fakeHost({
    streams: { ...watches, recording_open: taken },
    asks: {
      // Little is held, so that the rest is asked for.
      calls_view: () => slice(0, 2),
      calls_slice: ({ from, count }) => slice(from, count),
      calls_place: ({ guid }) => {
        const at = rows.findIndex((row) => row.call.guid === guid);
        return at < 0 ? null : at;
      },
      tags_for: () => [],
      recording_cancel: taken,
      recording_prefetch: taken,
      player_play: taken,
      player_seek: wished,
      player_toggle: taken,
      draft_get: () => null,
      draft_set: taken,
      review_cards: () => [card],
      review_cards_for: () => [card],
      review_open: ({ call: of }) => review(of),
      samples: () => [sample],
      sample_items: () => items,
      sample_at: taken,
      notes_of: ({ guid }) => written.filter((one) => one.guid === guid),
      note_add: ({ call: of, secs, text, shared }) => {
        const added = { ...note, id: written.length + 1, guid: of.guid, atSecs: secs, text, shared };
        written.push(added);
        return added;
      },
    },
  });
  const app = new App(host);
  app.settings.value = settings({ autoAdvance: true, ...parts });
  const signedIn = new SignedIn(app);
  await signedIn.start();
  await signedIn.calls.list.apply();
  const requests = () => host.opened('recording_open').map((one) => one.request);
  return {
    host,
    signedIn,
    listening: signedIn.listening,
    list: signedIn.calls.list,
    of: (guid: string) => rows.find((row) => row.call.guid === guid)?.call ?? call({ guid }),
    /** What was opened, in order. */
    requests,
    heard: () => requests().map((one) => one.call.guid),
    /** The newest recording is there, and this is how it is; or an earlier one. */
    sounds: (parts: Partial<Transport>, opening = requests().length - 1) => {
      host.emit('recording_open', { kind: 'found', place, millis: 9, cached: true }, opening);
      host.emit('player_watch', {
        kind: 'transport',
        ticket: requests()[opening]?.ticket ?? 0,
        transport: { ...signedIn.player.transport, durationSecs: 120, ...parts },
      });
    },
    fails: () =>
      host.emit('recording_open', {
        kind: 'failed',
        problem: { code: 'notFoundAnywhere', params: {}, retryable: false },
      }),
  };
}

/** Heard to its end, and what is announced then. */
async function ends(made: Awaited<ReturnType<typeof desk>>) {
  made.sounds({ phase: 'playing' });
  made.sounds({ phase: 'ended' });
  await vi.advanceTimersByTimeAsync(0);
  return made.listening.next?.guid ?? null;
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a call of the list', () => {
  it.each([
    [false, ['b', 'd', 'b', 'a']],
    [true, ['b', 'a', 'b', 'd']],
  ])(
    'has the list before and after it as it is sorted, past calls nobody answered',
    async (turned, order) => {
      const { host, signedIn, listening, heard, of } = await desk({}, turned);
      await signedIn.play(of('b'));
      await listening.move(1);
      await listening.move(-1);
      await listening.move(-1);
      expect(heard()).toEqual(order);
      expect(listening.turn).toBeNull();
      // Fetched ahead is what comes after, in the order of the list.
      const ahead = host.asked('recording_prefetch').map((one) => one.call.guid);
      expect(ahead).toEqual(turned ? ['a', 'a', 'b'] : ['d', 'e', 'd', 'b']);
      expect(signedIn.calls.selected).toBe(order[3]);
    },
  );

  it('is followed by the next one by itself, which nobody asked for, unless it is stopped', async () => {
    const made = await desk();
    const { signedIn, listening, requests, heard, of } = made;
    await signedIn.play(of('b'));
    expect(requests()[0]).toMatchObject({ atSecs: null, asked: true });
    expect(await ends(made)).toBe('d');
    expect(listening.due).toBe(PAUSE_SECS);
    await vi.advanceTimersByTimeAsync((PAUSE_SECS - 1) * 1000);
    expect([heard(), listening.due]).toEqual([['b'], 1]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(heard()).toEqual(['b', 'd']);
    expect(requests()[1]).toMatchObject({ atSecs: null, asked: false });
    expect(await ends(made)).toBe('e');
    listening.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([heard(), listening.next]).toEqual([['b', 'd'], null]);
    // Stopped while the next one was being looked for.
    made.sounds({ phase: 'playing' });
    made.sounds({ phase: 'ended' });
    listening.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(listening.next).toBeNull();
  });

  it('is followed by nothing unless that was chosen, nor after the last one', async () => {
    const off = await desk({ autoAdvance: false });
    await off.signedIn.play(off.of('b'));
    expect(await ends(off)).toBeNull();
    const last = await desk();
    await last.signedIn.play(last.of('e'));
    expect(await ends(last)).toBeNull();
  });

  it('is not replaced by what was looked for before it was chosen', async () => {
    const { host, signedIn, listening, heard, of } = await desk();
    await signedIn.play(of('d'));
    let answer: (place: number) => void = () => undefined;
    host.asks.calls_place = () => new Promise((resolve) => (answer = resolve));
    const moving = listening.move(1);
    host.asks.calls_place = () => 0;
    await signedIn.play(of('a'));
    answer(3);
    await moving;
    expect(heard()).toEqual(['d', 'a']);
  });
});

describe('calls picked together', () => {
  it('are heard alone and in their order, until another call is chosen', async () => {
    const { signedIn, listening, requests, heard, of } = await desk();
    await signedIn.playPicked([of('a'), of('c'), of('e')]);
    expect([heard(), listening.turn, requests()[0]?.asked]).toEqual([['a'], { at: 1, of: 2 }, false]);
    await listening.move(1);
    expect([heard(), listening.turn]).toEqual([['a', 'e'], { at: 2, of: 2 }]);
    await signedIn.play(of('a'));
    expect(listening.turn).toEqual({ at: 1, of: 2 });
    await signedIn.play(of('d'));
    expect(listening.turn).toBeNull();
  });
});

describe('notes', () => {
  it('mark the recording they are on, whichever room they are written in and is looked at', async () => {
    const { signedIn, listening, of } = await desk();
    const marks = () => listening.notesHeard.map(({ atSecs, text }) => [atSecs, text]);
    await signedIn.play(of('b'));
    await signedIn.notes.look(of('b'));
    signedIn.notes.type({ id: null, secs: 2, text: 'saludo tarde', shared: true });
    await signedIn.notes.keep();
    expect(marks()).toEqual([[2, 'saludo tarde']]);
    // Another call is looked at, or judged: the marks are those of what is heard.
    await signedIn.notes.look(of('d'));
    await signedIn.review.enter();
    expect(marks()).toEqual([[2, 'saludo tarde']]);
    await signedIn.play(of('w2'));
    await vi.waitFor(() => expect(marks()).toEqual([[75, 'promete']]));
    // What is written of the call at hand in the other room is there in this one.
    await signedIn.review.book.look(of('b'));
    expect(signedIn.review.book.notes.map(({ text }) => text)).toEqual(['saludo tarde']);
    await signedIn.notes.look(of('b'));
    signedIn.notes.type({ id: null, secs: 4, text: 'sin despedida', shared: true });
    await signedIn.notes.keep();
    expect(signedIn.review.book.notes.map(({ text }) => text)).toEqual(['saludo tarde', 'sin despedida']);
  });
});

describe('a call of the worklist', () => {
  it('is followed by the next one of the worklist, and the call at hand goes along', async () => {
    const made = await desk();
    const { host, signedIn, listening, requests, heard, of } = made;
    await signedIn.play(of('b'));
    signedIn.view = 'review';
    await signedIn.review.enter();
    await signedIn.review.toggle();
    expect(heard()).toEqual(['b', 'w1']);
    expect(host.asked('recording_prefetch').at(-1)?.call.guid).toBe('w2');
    expect(await ends(made)).toBe('w2');
    // Whatever room is on show meanwhile.
    signedIn.view = 'calls';
    await vi.advanceTimersByTimeAsync(PAUSE_SECS * 1000);
    expect(heard()).toEqual(['b', 'w1', 'w2']);
    expect(requests()[2]?.asked).toBe(false);
    expect([signedIn.review.call?.guid, listening.notesHeard]).toEqual(['w2', [note]]);
    expect(signedIn.calls.selected).toBe('b');
    await listening.move(1);
    expect([heard().at(-1), signedIn.review.call?.guid]).toEqual(['w3', 'w3']);
    expect(await ends(made)).toBeNull();
  });

  it('leaves the call at hand alone when that is another one already', async () => {
    const made = await desk();
    const { signedIn, heard } = made;
    await signedIn.review.enter();
    await signedIn.review.toggle();
    await signedIn.review.look(call({ guid: 'w3' }), false);
    expect(await ends(made)).toBe('w2');
    await vi.advanceTimersByTimeAsync(PAUSE_SECS * 1000);
    expect([heard(), signedIn.review.call?.guid]).toEqual([['w1', 'w2'], 'w3']);
    // The keys of the room go on from the call at hand.
    await signedIn.review.move(-1);
    expect([heard().at(-1), signedIn.review.call?.guid]).toEqual(['w2', 'w2']);
  });

  it('has nothing after it that the list would play, also when it was judged while it sounded', async () => {
    const made = await desk();
    const { signedIn, listening, list, heard, of } = made;
    await signedIn.play(of('b'));
    await signedIn.judge(of('b'));
    expect(await ends(made)).toBeNull();
    await listening.move(1);
    expect(heard()).toEqual(['b']);
    // In the room of the list, the list goes on.
    await listening.move(1, list.source);
    expect(heard()).toEqual(['b', 'd']);
  });
});

describe('a second of a call', () => {
  it('is gone to and played from, when the call is open', async () => {
    const { host, signedIn, requests, sounds } = await desk();
    await signedIn.review.enter();
    await signedIn.review.toggle();
    sounds({ phase: 'paused' });
    await signedIn.review.hear(12);
    expect([host.asked('player_seek'), host.asked('player_play').length]).toEqual([[{ secs: 12 }], 1]);
    expect(requests()).toHaveLength(1);
  });

  it('is where the call begins, when it has to be opened, or is on its way', async () => {
    const { host, signedIn, listening, requests, of } = await desk();
    await signedIn.play(of('b'));
    await signedIn.review.enter();
    await signedIn.review.hear(75);
    await signedIn.review.hear(80);
    await signedIn.review.hear();
    expect(requests().map((one) => [one.call.guid, one.atSecs])).toEqual([
      ['b', null],
      ['w1', 75],
      ['w1', 80],
    ]);
    expect(host.asked('player_seek')).toEqual([]);
    // On its way by itself, and now asked for: it may be converted.
    await listening.listen({ call: of('d'), source: single, asked: false });
    await listening.listen({ call: of('d'), source: single, asked: true });
    expect(requests().map((one) => one.asked)).toEqual([true, true, true, false, true]);
  });

  it('of a note found opens its call there, whatever is found next', async () => {
    const { host, signedIn, requests } = await desk();
    const other = { note: { ...note, guid: 'w3', atSecs: 20 }, call: call({ guid: 'w3' }) };
    await Promise.all([
      signedIn.review.goTo({ note, call: call({ guid: 'w2' }) }),
      signedIn.review.goTo(other),
    ]);
    expect(requests().map((one) => [one.call.guid, one.atSecs, one.asked])).toEqual([
      ['w2', 75, true],
      ['w3', 20, true],
    ]);
    expect([signedIn.review.call?.guid, signedIn.review.tab]).toEqual(['w3', 'work']);
    // No review is begun of a call that was passed over.
    expect(host.asked('review_open').map((one) => one.call.guid)).toEqual(['w3']);
  });
});

describe('the door', () => {
  it('lets the sound of the last call in and of no other', async () => {
    const { host, signedIn, sounds, of } = await desk();
    const first = signedIn.play(of('b'));
    await signedIn.play(of('d'));
    await first;
    sounds({ phase: 'playing', positionSecs: 40 }, 0);
    const { player } = signedIn;
    expect([player.call?.guid, player.phase, player.transport.positionSecs]).toEqual(['d', 'looking', 0]);
    sounds({ phase: 'playing', positionSecs: 1 });
    sounds({ phase: 'ended', positionSecs: 60 }, 0);
    await vi.advanceTimersByTimeAsync(0);
    expect([player.phase, signedIn.listening.next]).toEqual(['playing', null]);
    expect(host.asked('recording_prefetch').map((one) => one.call.guid)).toEqual(['e']);
  });

  it('looks again for what was not found or stopped, and announces nothing over it', async () => {
    const made = await desk();
    const { host, signedIn, listening, requests, fails, of } = made;
    await signedIn.play(of('b'));
    await listening.toggle();
    expect(requests()).toHaveLength(1);
    fails();
    await vi.advanceTimersByTimeAsync(0);
    expect(listening.next?.guid).toBe('d');
    await listening.toggle();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requests().map((one) => [one.call.guid, one.asked])).toEqual([
      ['b', true],
      ['b', true],
    ]);
    expect([signedIn.player.locating, signedIn.player.problem]).toEqual(['looking', null]);
    await signedIn.player.cancel();
    await listening.toggle();
    expect(requests()).toHaveLength(3);
    made.sounds({ phase: 'playing' });
    made.sounds({ phase: 'ended', problem: 'recordingHostLost' });
    await listening.toggle();
    expect(requests()).toHaveLength(4);
    expect(host.asked('player_toggle')).toEqual([]);
    made.sounds({ phase: 'playing' });
    await listening.toggle();
    expect(host.asked('player_toggle')).toHaveLength(1);
  });

  it('is closed with the session: what was announced does not play in the next one', async () => {
    const made = await desk();
    await made.signedIn.play(made.of('b'));
    expect(await ends(made)).toBe('d');
    made.signedIn.end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(made.heard()).toEqual(['b']);
  });
});
