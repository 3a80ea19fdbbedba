import { describe, expect, it } from 'vitest';
import { fakeHost, taken } from '../host/fake';
import { agent, campaign, limits, session, sessionAt, settings, snapshot } from '../testing';
import {
  beyondLimits,
  campaignsOf,
  drift,
  EVERY,
  initials,
  MOST_FIGURES,
  newWall,
  pagesOf,
  peopleOf,
  ROWS,
  rowsEach,
  wallsFrom,
  worstFirst,
} from './walls';
import { totals } from './floor-rows';
import { WallWindow } from './wall-window.svelte';

describe('wallboards as they were kept', () => {
  it('come back whole', () => {
    const wall = { ...newWall('a-1', 'Ventas'), campaigns: ['A<-'], masked: true, look: 'light' as const };
    expect(wallsFrom(JSON.parse(JSON.stringify([wall])))).toEqual([wall]);
  });

  it.each([
    [null, []],
    [[{ id: '../x' }, 5, null, { name: 'without id' }], []],
    [[{ id: 'a', pages: ['news'], figures: 7, everySecs: 'soon', look: 'pink' }], [newWall('a', '')]],
    [
      [{ id: 'a', everySecs: 1, pages: ['people', 'people', 'new'], figures: ['waiting', 'later'] }],
      [{ ...newWall('a', ''), everySecs: EVERY.least, pages: ['people'], figures: ['waiting'] }],
    ],
  ])('are read leniently: %j', (kept, walls) => {
    expect(wallsFrom(kept)).toEqual(walls);
  });

  it('show no more figures than can be read', () => {
    const figures = ['waiting', 'longest', 'available', 'busy', 'paused', 'wrapUp', 'answered'];
    expect(wallsFrom([{ id: 'a', figures }])[0]?.figures).toEqual(figures.slice(0, MOST_FIGURES));
  });
});

describe('what a wallboard shows', () => {
  const all = ['Ventas->', 'Soporte<-', 'Ágora<-'].map((name) =>
    campaign({ name, direction: name.endsWith('->') ? 'outbound' : 'inbound' }),
  );
  const people = [
    agent({ location: '1', campaigns: ['Soporte<-', 'Ventas->'] }),
    agent({ location: '2', campaigns: ['Ventas->'] }),
  ];

  it('is every inbound campaign, or those chosen in their order', () => {
    const wall = newWall('a', '');
    expect(campaignsOf(wall, all).map((one) => one.name)).toEqual(['Ágora<-', 'Soporte<-']);
    const chosen = { ...wall, campaigns: ['Ventas->', 'gone<-', 'Soporte<-'] };
    expect(campaignsOf(chosen, all).map((one) => one.name)).toEqual(['Ventas->', 'Soporte<-']);
    expect(peopleOf(wall, campaignsOf(wall, all), people)).toHaveLength(2);
    // Its two pages about people say the same, whichever way anybody calls.
    const free = people.filter((who) => who.state === 'available').length;
    expect(totals(campaignsOf(wall, all), peopleOf(wall, campaignsOf(wall, all), people)).available).toBe(
      free,
    );
    const one = { ...wall, campaigns: ['Soporte<-'] };
    expect(peopleOf(one, campaignsOf(one, all), people).map((who) => who.location)).toEqual(['1']);
  });

  it('is parted evenly, every row once', () => {
    for (const rows of [0, 1, ROWS, ROWS + 1, 30, 200]) {
      const pages = pagesOf({ ...newWall('a', ''), pages: ['campaigns'] }, rows);
      const each = rowsEach(rows);
      expect(each).toBeLessThanOrEqual(ROWS);
      const shown = pages.flatMap((page) =>
        Array.from({ length: rows }, (_, row) => row).slice(page.from, page.from + each),
      );
      expect(shown).toEqual(Array.from({ length: rows }, (_, row) => row));
    }
    expect(pagesOf({ ...newWall('a', ''), pages: ['campaigns', 'states'] }, 10)).toEqual([
      { kind: 'campaigns', from: 0 },
      { kind: 'campaigns', from: 5 },
      { kind: 'states', from: 0 },
    ]);
  });

  it('is who is beyond a limit, the worst and longest first', () => {
    const at = (location: string, state: 'paused' | 'busy' | 'available', mins: number) =>
      agent({ location, state, stateSinceMs: -60_000 * mins });
    const found = beyondLimits(
      [
        at('a', 'paused', 12),
        at('b', 'paused', 25),
        at('c', 'busy', 5),
        at('d', 'busy', 40),
        at('e', 'available', 90),
      ],
      new Map(),
      limits(),
      0,
    );
    expect(found.map((one) => [one.agent.location, one.level])).toEqual([
      ['d', 'bad'],
      ['b', 'bad'],
      ['a', 'warn'],
    ]);
  });

  it.each([
    ['Lucía Pereira', 'L. P.'],
    ['  ángel  de la Cruz ', 'Á. D. L. C.'],
    ['', ''],
  ])('names nobody when masked: %s', (name, said) => {
    expect(initials(name)).toBe(said);
  });

  it('walks slowly and stays near its place', () => {
    for (let minute = 0; minute < 64; minute++) {
      const [here, there] = [drift(minute), drift(minute + 1)];
      expect(Math.hypot(here.x, here.y)).toBeLessThanOrEqual(9);
      expect(Math.hypot(here.x - there.x, here.y - there.y)).toBeLessThanOrEqual(4);
    }
    expect(drift(0)).not.toEqual(drift(8));
  });
});

describe('the window of a wallboard', () => {
  function window() {
    const wall = { ...newWall('a', 'Ventas'), pages: ['campaigns', 'totals'], everySecs: 20 };
    const host = fakeHost({
      asks: {
        settings_get: () => settings({ walls: [wall] }),
        session_state: () => session({ signedIn: true }),
        window_broke: taken,
        window_ready: taken,
        floor_resync: taken,
      },
      streams: { session_watch: taken, floor_watch: taken, settings_watch: taken },
    });
    return { host, shown: new WallWindow(host, 'a') };
  }

  it('turns its pages by the clock, by hand, and not while held', async () => {
    const { shown } = window();
    await shown.start(0);
    expect([shown.broken, shown.signedIn]).toEqual([null, true]);
    const rows = Array.from({ length: 10 }, (_, index) => campaign({ name: `C${index}<-` }));
    shown.floor.take({ kind: 'snapshot', snapshot: snapshot({ campaigns: rows, agents: [agent()] }) });
    const at = () => `${shown.shown?.kind} ${shown.shown?.from}`;
    expect([at(), shown.rows.length]).toEqual(['campaigns 0', 5]);
    shown.beat(19_999);
    expect(at()).toBe('campaigns 0');
    shown.beat(20_000);
    expect([at(), shown.rows.length]).toEqual(['campaigns 5', 5]);
    shown.turn(-1, 21_000);
    shown.turn(-1, 22_000);
    expect(at()).toBe('totals 0');
    shown.held = true;
    shown.beat(99_000);
    expect(at()).toBe('totals 0');
    shown.held = false;
    shown.beat(99_000);
    expect(at()).toBe('campaigns 0');
    expect(shown.nameOf(agent())).toBe('Lucía Pereira');
    shown.toggleMask();
    expect(shown.nameOf(agent())).toBe('L. P.');
  });

  it('follows what is changed in the main window', async () => {
    const { host, shown } = window();
    await shown.start(0);
    host.emit('settings_watch', settings({ walls: [{ ...newWall('a', 'Otra'), pages: ['people'] }] }));
    expect([shown.wall?.name, shown.shown?.kind]).toEqual(['Otra', 'people']);
    host.emit('settings_watch', settings({ walls: [] }));
    expect([shown.wall, shown.shown]).toEqual([null, null]);
  });

  it('shows nobody what another account had', async () => {
    const { host, shown } = window();
    await shown.start(0);
    host.emit('session_watch', sessionAt('one'));
    host.emit('floor_watch', { kind: 'snapshot', snapshot: snapshot({ campaigns: [campaign()] }) });
    host.emit('session_watch', sessionAt('one'));
    expect([shown.floor.campaigns.length > 0, shown.late]).toEqual([true, false]);
    const before = host.asked('floor_resync').length;
    host.emit('session_watch', sessionAt('two'));
    expect([shown.floor.campaigns.length, shown.late]).toEqual([0, true]);
    expect(host.asked('floor_resync')).toHaveLength(before + 1);
  });
});

it('puts what needs a hand first, and leaves the rest as it stood', () => {
  const rows = [
    campaign({ name: 'A<-', waiting: 0 }),
    campaign({ name: 'B<-', waiting: 6 }),
    campaign({ name: 'C<-', waiting: 0 }),
    campaign({ name: 'D<-', waiting: 3 }),
    campaign({ name: 'E<-', waiting: 10 }),
  ];
  const names = (figures: string[]) => worstFirst(rows, figures, limits(), 0).map((one) => one.name);
  expect(names(['waiting'])).toEqual(['B<-', 'E<-', 'D<-', 'A<-', 'C<-']);
  // What a wallboard does not show moves nothing on it.
  expect(names(['answered'])).toEqual(['A<-', 'B<-', 'C<-', 'D<-', 'E<-']);
});
