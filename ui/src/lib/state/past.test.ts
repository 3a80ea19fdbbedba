import { describe, expect, it } from 'vitest';
import { fakeHost } from '../host/fake';
import { campaign, snapshot } from '../testing';
import { FloorState } from './floor.svelte';
import { PastState } from './past.svelte';

const BEGIN = Date.UTC(2026, 0, 31, 9);
const runs = [{ fromMs: BEGIN, untilMs: BEGIN + 3_600_000 }];

/** A program that answers when it is told to. */
function centre() {
  const asked: { at: number; answer: () => void }[] = [];
  const host = fakeHost({
    asks: {
      history_extent: () => ({ runs, seen: [], offsetSecs: 0, bytes: 1 }),
      history_moment: ({ at }) =>
        new Promise((done) => {
          const then = snapshot({ atMs: at, campaigns: [campaign({ waiting: at - BEGIN })] });
          asked.push({ at, answer: () => done({ atMs: at, snapshot: then, alerts: [], gap: null }) });
        }),
    },
  });
  const floor = new FloorState(host);
  return { asked, floor, past: new PastState(host, floor) };
}

const settle = () => new Promise((done) => setTimeout(done));

describe('the floor as it was', () => {
  it('shows the newest wish and asks for none between', async () => {
    const { asked, floor, past } = centre();
    const entered = past.enter();
    await settle();
    expect(asked.map((one) => one.at)).toEqual([BEGIN + 3_300_000]);
    void past.go(BEGIN + 100);
    void past.go(BEGIN + 200);
    await past.step(100);
    asked[0]?.answer();
    await settle();
    asked[1]?.answer();
    await entered;
    expect(asked.map((one) => one.at)).toEqual([BEGIN + 3_300_000, BEGIN + 300]);
    expect(floor.campaigns[0]?.waiting).toBe(300);
    expect(floor.now).toBe(BEGIN + 300);
    void past.go(BEGIN - 99);
    expect(past.at).toBe(BEGIN);
  });

  it('keeps up the live floor meanwhile, and is back at it at once', async () => {
    const { asked, floor, past } = centre();
    const live = (waiting: number, revision: number) =>
      floor.take({ kind: 'snapshot', snapshot: snapshot({ revision, campaigns: [campaign({ waiting })] }) });
    live(1, 1);
    void past.enter();
    await settle();
    asked[0]?.answer();
    await settle();
    expect(floor.campaigns[0]?.waiting).toBe(3_300_000);
    live(2, 2);
    expect(floor.campaigns[0]?.waiting).toBe(3_300_000);
    expect(floor.stale).toBe(false);
    past.leave();
    expect(floor.campaigns[0]?.waiting).toBe(2);
    expect(past.at).toBeNull();
  });

  it('an answer that comes after leaving changes nothing', async () => {
    const { asked, floor, past } = centre();
    void past.enter();
    await settle();
    past.leave();
    asked[0]?.answer();
    await settle();
    expect(floor.past).toBeNull();
  });
});
