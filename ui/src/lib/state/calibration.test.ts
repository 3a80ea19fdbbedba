import { beforeEach, describe, expect, it } from 'vitest';
import { type FakeHost, fakeHost } from '../host/fake';
import type { Calibration, Compared, Problem } from '../host/host';
import { call } from '../testing';
import { CalibrationsState } from './calibration.svelte';
import { Files } from './files';

const calibration = (id: string, parts: Partial<Calibration> = {}): Calibration => ({
  id,
  name: `The one of ${id}`,
  call: call({ guid: id }),
  card: { id: 'c', version: 3, name: 'Calls', sections: [], bands: [] },
  people: 2,
  folder: '/shared',
  reviewers: [],
  open: false,
  madeMs: 0,
  ...parts,
});
const apart = (spread: number): Compared => ({ reviewers: [], items: [], spread, agreement: 100 });
const hangs: Problem = { code: 'reviewFile', params: { detail: '> 10 s' }, retryable: true };

/** Calibrations in the program, and what an exchange finds in the folder: as soon as the test lets it. */
let kept: Calibration[];
let found: Calibration | Problem | null;
let waiting: (() => void)[];
let slow: boolean;
let host: FakeHost;
let calibrating: CalibrationsState;
const of = (id: string) => kept.find((one) => one.id === id) ?? calibration(id);

beforeEach(async () => {
  kept = [calibration('a'), calibration('b', { open: true, reviewers: ['Ana', 'Luz'] })];
  [found, waiting, slow] = [null, [], false];
  host = fakeHost({
    asks: {
      calibrations: () => [...kept],
      calibration_compared: ({ id }) => (of(id).open ? apart(id === 'b' ? 20 : 35) : null),
      calibration_exchange: async ({ id }) => {
        if (slow) await new Promise<void>((go) => waiting.push(go));
        if (found && 'code' in found) throw found;
        kept = kept.map((one) => (one.id === id && found ? (found as Calibration) : one));
        return of(id);
      },
      calibration_folder: ({ id, folder }) => {
        kept = kept.map((one) => (one.id === id ? { ...one, folder } : one));
        return of(id);
      },
      calibration_file: () => '{}',
      save_json: () => '/media/mine.json',
      exported: () => null,
    },
  });
  calibrating = new CalibrationsState(host, new Files(host));
  await calibrating.look('a');
});

describe('what others of the team judge', () => {
  it('shows by itself, and leaves what is looked at', async () => {
    kept = [calibration('c'), calibration('a', { reviewers: ['Ana', 'Luz'], open: true })];
    await calibrating.others();
    expect(calibrating.list.map((one) => one.id)).toEqual(['c', 'a']);
    expect([calibrating.current?.id, calibrating.compared]).toEqual(['a', apart(35)]);
  });

  it('is late where the person went elsewhere meanwhile', async () => {
    const others = calibrating.others();
    const gone = calibrating.look('b');
    await Promise.all([others, gone]);
    expect([calibrating.current?.id, calibrating.compared]).toEqual(['b', apart(20)]);
    const before = calibrating.look('a');
    await calibrating.others();
    await before;
    expect(calibrating.current?.id).toBe('a');
  });
});

describe('a shared folder that is watched', () => {
  it('shows who came in, and the differences once all are in', async () => {
    found = calibration('a', { reviewers: ['Ana'] });
    await calibrating.watch();
    expect([calibrating.current?.reviewers, calibrating.compared]).toEqual([['Ana'], null]);
    found = calibration('a', { reviewers: ['Ana', 'Luz'], open: true });
    await calibrating.watch();
    expect([calibrating.current?.open, calibrating.compared?.spread]).toEqual([true, 35]);
  });

  it('leaves what is looked at alone while nothing is new', async () => {
    await calibrating.look('b');
    await calibrating.saveReview('Export', 'mine.json');
    const before = [calibrating.list, calibrating.current, calibrating.compared];
    await calibrating.watch();
    expect(calibrating.saved).toBe('/media/mine.json');
    [calibrating.list, calibrating.current, calibrating.compared].forEach((now, at) => {
      expect(now).toBe(before[at]);
    });
  });

  it('does not take the person back to the one it looked at before', async () => {
    slow = true;
    found = calibration('a', { reviewers: ['Ana', 'Luz'], open: true });
    const watched = calibrating.watch();
    await calibrating.look('b');
    waiting.shift()?.();
    await watched;
    expect([calibrating.current?.id, calibrating.compared?.spread]).toEqual(['b', 20]);
  });

  it('is not taken up again after it was given up', async () => {
    slow = true;
    const watched = calibrating.watch();
    await Promise.resolve();
    slow = false;
    await calibrating.unshare();
    waiting.shift()?.();
    await watched;
    expect(calibrating.current?.folder).toBeNull();
    const asked = host.asked('calibration_exchange').length;
    await calibrating.watch();
    expect(host.asked('calibration_exchange')).toHaveLength(asked);
  });

  it('that hangs is asked once, and says so until it answers', async () => {
    slow = true;
    const watched = calibrating.watch();
    await Promise.all([calibrating.watch(), calibrating.watch()]);
    expect(host.asked('calibration_exchange')).toHaveLength(1);
    found = hangs;
    waiting.shift()?.();
    await watched;
    expect(calibrating.problem).toEqual(hangs);
    [slow, found] = [false, null];
    await calibrating.watch();
    expect(calibrating.problem).toBeNull();
  });
});

it('of two that are looked at one after the other the last is shown, whichever is read first', async () => {
  const answers = new Map<string, (compared: Compared) => void>();
  host.asks.calibration_compared = ({ id }) => new Promise((go) => answers.set(id, go));
  const looks = [calibrating.look('b'), calibrating.look('a')];
  await new Promise((go) => setTimeout(go));
  answers.get('a')?.(apart(35));
  answers.get('b')?.(apart(20));
  await Promise.all(looks);
  expect([calibrating.current?.id, calibrating.compared?.spread]).toEqual(['a', 35]);
});

describe('a file that is taken', () => {
  it('says what it brought: an invitation, a review, or nothing new', async () => {
    const take = async (one: Calibration) => {
      host.asks.open_json = () => '{}';
      host.asks.calibration_import = () => {
        kept = [...kept.filter((before) => before.id !== one.id), one];
        return one;
      };
      await calibrating.take('Import');
      return calibrating.taken;
    };
    const fresh = await take(calibration('z'));
    expect([fresh, calibrating.current?.id]).toEqual([{ name: 'The one of z', fresh: true, who: [] }, 'z']);
    expect(await take(calibration('z', { reviewers: ['Ana'] }))).toMatchObject({
      fresh: false,
      who: ['Ana'],
    });
    expect(await take(calibration('z', { reviewers: ['Ana'] }))).toMatchObject({ fresh: false, who: [] });
    host.asks.calibration_import = () => {
      throw { code: 'reviewFileForeign', params: {}, retryable: false };
    };
    await calibrating.take('Import');
    expect([calibrating.taken, calibrating.problem?.code]).toEqual([null, 'reviewFileForeign']);
  });
});
