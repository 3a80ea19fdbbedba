import { describe, expect, it } from 'vitest';
import { agent, campaign, health, snapshot } from '../testing';
import { fakeHost, taken } from '../host/fake';
import type { AgentState, Delta } from '../host/host';
import { FloorState } from './floor.svelte';
import {
  grouped,
  peopleIn,
  pinnedFirst,
  sortAgents,
  sortCampaigns,
  SortedAgents,
  totals,
} from './floor-rows';
import { viewFrom } from './floor-view';

function floor() {
  const host = fakeHost({ asks: { floor_resync: taken, floor_visible: taken } });
  return { host, floor: new FloorState(host) };
}

function delta(parts: Partial<Delta>): Delta {
  return {
    from: 1,
    revision: 2,
    atMs: 0,
    campaigns: [],
    campaignsGone: [],
    agents: [],
    agentsGone: [],
    agentsReadAtMs: {},
    agentsEveryMs: 3000,
    health,
    ...parts,
  };
}

describe('the floor', () => {
  it('applies what changed and drops what is gone', () => {
    const { floor: state } = floor();
    state.take({
      kind: 'snapshot',
      snapshot: snapshot({
        campaigns: [campaign({ name: 'A<-' }), campaign({ name: 'B<-' })],
        agents: [agent({ location: 'SIP/1' }), agent({ location: 'SIP/2' })],
      }),
    });
    state.take({
      kind: 'delta',
      delta: delta({
        campaigns: [campaign({ name: 'B<-', waiting: 7 })],
        campaignsGone: ['A<-'],
        agentsGone: ['SIP/1'],
      }),
    });
    expect(state.campaigns.map((row) => [row.name, row.waiting])).toEqual([['B<-', 7]]);
    expect(state.agents.map((row) => row.location)).toEqual(['SIP/2']);
  });

  it('asks for a snapshot when a revision is missing, and keeps what it has', () => {
    const { host, floor: state } = floor();
    state.take({ kind: 'snapshot', snapshot: snapshot({ campaigns: [campaign()] }) });
    state.take({ kind: 'delta', delta: delta({ from: 4, revision: 5, campaignsGone: ['Soporte<-'] }) });
    expect(host.log).toEqual(['floor_resync']);
    expect(state.campaigns).toHaveLength(1);
  });

  it('filters by state, search and the campaign looked at', () => {
    const { floor: state } = floor();
    state.take({
      kind: 'snapshot',
      snapshot: snapshot({
        campaigns: [campaign({ name: 'A<-' })],
        agents: [
          agent({ location: 'SIP/1', state: 'paused', name: 'Inés', campaigns: ['A<-'] }),
          agent({ location: 'SIP/2', state: 'offline', campaigns: ['A<-'] }),
          agent({ location: 'SIP/3', state: 'busy', campaigns: ['B<-'] }),
        ],
      }),
    });
    expect(state.agentRows.map((row) => row.location)).toEqual(['SIP/1', 'SIP/3']);
    state.keep({ selected: 'A<-' });
    expect(state.agentRows.map((row) => row.location)).toEqual(['SIP/1']);
    expect(state.counts.get('offline')).toBe(1);
    state.keep({ selected: 'Gone<-' });
    expect(state.agentRows, 'a campaign that is not there narrows nothing').toHaveLength(2);
    state.keep({ selected: null, agentSearch: 'ines' });
    expect(state.agentRows.map((row) => row.location)).toEqual(['SIP/1']);
    state.keep({ agentSearch: '', states: ['offline'] });
    expect(state.agentRows.map((row) => row.location)).toEqual(['SIP/2']);
  });

  it('weighs the service level by calls and counts people once', () => {
    const both = agent({ campaigns: ['A<-', 'B<-'], state: 'busy' });
    const elsewhere = agent({ campaigns: ['E<-'], state: 'busy' });
    const rows = [
      campaign({ name: 'A<-', answered: 90, abandoned: 10, serviceLevel: 100 }),
      campaign({ name: 'B<-', answered: 10, abandoned: 0, serviceLevel: 0 }),
      campaign({ name: 'C<-', answered: 0, abandoned: 0, serviceLevel: null }),
      campaign({ name: 'D->', direction: 'outbound', answered: 500, abandoned: 400, serviceLevel: 1 }),
    ];
    const result = totals(rows, peopleIn(rows, [both, elsewhere]));
    expect(result.serviceLevel).toBe(90);
    expect(result.abandonRate).toBeCloseTo(100 / 11);
    expect(result.onCall).toBe(1);
  });

  it('knows no service level without calls', () => {
    expect(totals([campaign({ answered: 0, abandoned: 0, serviceLevel: null })], []).serviceLevel).toBeNull();
  });

  it('sorts unknown last whichever way, and ties by name', () => {
    const rows = [
      campaign({ name: 'C', serviceLevel: null }),
      campaign({ name: 'B', serviceLevel: 50 }),
      campaign({ name: 'A', serviceLevel: 90 }),
      campaign({ name: 'D', serviceLevel: 90 }),
    ];
    const names = (down: boolean) => sortCampaigns(rows, 'serviceLevel', down).map((row) => row.name);
    expect(names(false)).toEqual(['B', 'A', 'D', 'C']);
    expect(names(true)).toEqual(['A', 'D', 'B', 'C']);
  });

  it('puts the longest in a state first', () => {
    const rows = [agent({ location: '1', stateSinceMs: 500 }), agent({ location: '2', stateSinceMs: 100 })];
    expect(sortAgents(rows, 'since', true).map((row) => row.location)).toEqual(['2', '1']);
    expect(sortAgents(rows, 'state', false).map((row) => row.location)).toEqual(['2', '1']);
  });

  it('keeps agents in the order that sorting all of them gives, whatever a reading changes', () => {
    const states: AgentState[] = ['paused', 'busy', 'available'];
    let seed = 7;
    const dice = (sides: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % sides;
    const made = (at: number) =>
      agent({ location: `SIP/${at}`, state: states[dice(3)], stateSinceMs: dice(4) ? dice(50) : null });
    const sorted = new SortedAgents();
    let people = Array.from({ length: 40 }, (_, at) => made(at));
    for (let reading = 0; reading < 60; reading += 1) {
      people = people.filter(() => dice(9) > 0).map((one, at) => (dice(4) ? one : made(100 * reading + at)));
      people.push(made(100 * reading + 77));
      people = [...new Map(people.map((one) => [one.location, one])).values()];
      const [sort, down] = [reading % 20 < 10 ? 'state' : 'since', reading % 7 > 3] as const;
      expect(sorted.sorted(people, sort, down)).toEqual(sortAgents(people, sort, down));
    }
  });

  it('keeps pinned campaigns first and puts people together', () => {
    const rows = ['A', 'B', 'C'].map((name) => campaign({ name }));
    expect(pinnedFirst(rows, (row) => row.name, ['C', 'gone']).map((row) => row.name)).toEqual([
      'C',
      'A',
      'B',
    ]);
    const people = [
      agent({ location: 'SIP/1', state: 'available', campaigns: ['Ventas<-', 'Soporte<-'] }),
      agent({ location: 'SIP/2', state: 'paused', campaigns: ['Soporte<-'] }),
      agent({ location: 'SIP/3', state: 'available', campaigns: ['Soporte<-'] }),
    ];
    const told = (by: 'none' | 'state' | 'campaign') =>
      grouped(people, by).map((row) => (row.kind === 'group' ? `${row.name} ${row.count}` : row.key));
    expect(told('none')).toEqual(['SIP/1', 'SIP/2', 'SIP/3']);
    expect(told('state')).toEqual(['paused 1', 'SIP/2', 'available 2', 'SIP/1', 'SIP/3']);
    expect(told('campaign')).toEqual(['Soporte<- 2', 'SIP/2', 'SIP/3', 'Ventas<- 1', 'SIP/1']);
  });

  it('reads a view of any age', () => {
    expect(viewFrom(null).hideOffline).toBe(true);
    expect(viewFrom({ hideOffline: false, fromTheFuture: 1 }).hideOffline).toBe(false);
  });

  it('knows teams: as a filter, as groups, and nobody twice', () => {
    const teams = [
      { id: 't1', name: 'Norte', members: ['Ana', 'Luis'] },
      { id: 't2', name: 'Mañana', members: ['Luis', 'Eva'] },
    ];
    const state = new FloorState(fakeHost(), undefined, () => teams);
    const people = ['Ana', 'Luis', 'Eva', 'Solo'].map((name, index) =>
      agent({ location: `SIP/${index}`, name }),
    );
    state.take({ kind: 'snapshot', snapshot: snapshot({ agents: people }) });
    state.keep({ group: 'team', agentSort: 'name' });
    expect(state.agentList.map((row) => (row.kind === 'group' ? row.name : row.agent.name))).toEqual([
      'Mañana',
      'Eva',
      'Norte',
      'Ana',
      'Luis',
      '',
      'Solo',
    ]);
    state.keep({ team: 't2', group: 'none' });
    expect(state.agentRows.map((row) => row.name)).toEqual(['Eva', 'Luis']);
    state.keep({ team: 'gone' });
    expect(state.agentRows).toHaveLength(4);
  });

  it('sorts by where people are, those of another call last', () => {
    const people = [
      agent({ location: 'SIP/1', campaigns: ['Ventas<-'] }),
      agent({ location: 'SIP/2', campaigns: ['Ventas<-', 'Ágora<-'], callCampaign: 'Ágora<-' }),
      agent({ location: 'SIP/3', campaigns: ['Bancos<-'] }),
      agent({ location: 'SIP/4', campaigns: ['Bancos<-'], inCallHere: false }),
      agent({ location: 'SIP/5', campaigns: [] }),
    ];
    const order = sortAgents(people, 'where', false).map((one) => one.location.slice(4));
    expect(order).toEqual(['2', '3', '1', '4', '5']);
  });

  it('keeps people who are pinned first, in a group too, and lets them go again', () => {
    const { floor: state } = floor();
    const people = ['Ana', 'Luis', 'Eva'].map((name, index) =>
      agent({ location: `SIP/${index}`, name, state: name === 'Ana' ? 'paused' : 'busy' }),
    );
    state.take({ kind: 'snapshot', snapshot: snapshot({ agents: people }) });
    state.keep({ agentSort: 'name' });
    state.pinAgent('SIP/1');
    expect(state.agentRows.map((row) => row.name)).toEqual(['Luis', 'Ana', 'Eva']);
    state.keep({ group: 'state' });
    expect(state.agentList.map((row) => (row.kind === 'group' ? row.name : row.agent.name))).toEqual([
      'paused',
      'Ana',
      'busy',
      'Luis',
      'Eva',
    ]);
    expect(viewFrom(JSON.parse(JSON.stringify(state.view))).pinnedAgents).toEqual(['SIP/1']);
    state.pinAgent('SIP/1');
    state.keep({ group: 'none' });
    expect(state.agentRows.map((row) => row.name)).toEqual(['Ana', 'Eva', 'Luis']);
  });

  it('says whose rows are in sight, once for each change', () => {
    const { host, floor: state } = floor();
    const [one, two] = [
      agent({ campaigns: ['B<-', 'C<-'] }),
      agent({ location: 'SIP/2', campaigns: ['B<-', 'A<-'], callCampaign: 'A<-' }),
    ];
    state.look([one, two]);
    state.look([two, one]);
    state.look([one]);
    expect(host.asked('floor_visible')).toEqual([{ campaigns: ['A<-', 'B<-'] }, { campaigns: ['B<-'] }]);
  });
});

describe('what is not known yet, or not any more', () => {
  const two = [campaign({ name: 'A<-', totalAgents: 3 }), campaign({ name: 'B<-', totalAgents: 5 })];

  it('says whose people were read so far until all were, or could not be', () => {
    const { floor: state } = floor();
    const tell = (parts: Parameters<typeof snapshot>[0]) => {
      state.take({ kind: 'snapshot', snapshot: snapshot({ campaigns: two, ...parts }) });
      return state.reading;
    };
    expect(tell({ agentsReadAtMs: { 'A<-': 1 } })).toEqual({ some: 1, all: 2 });
    expect(tell({ agentsReadAtMs: { 'A<-': 1, 'B<-': 2 } })).toBeNull();
    expect(tell({ agentsReadAtMs: { 'A<-': 1 }, agentsUnread: { 'B<-': 'timeout' } })).toBeNull();
    const empty = [two[0] ?? campaign(), campaign({ name: 'C<-', totalAgents: 0 })];
    expect(tell({ campaigns: empty, agentsReadAtMs: { 'A<-': 1 } })).toBeNull();
  });

  it('counts on nothing once the server is silent', () => {
    const { floor: state } = floor();
    const lastOkMs = 5000;
    const tell = (freshness: 'fresh' | 'lost') =>
      state.take({
        kind: 'snapshot',
        snapshot: snapshot({ campaigns: two, health: { ...health, freshness, lastOkMs } }),
      });
    tell('lost');
    expect([state.stale, state.now]).toEqual([true, lastOkMs]);
    tell('fresh');
    expect([state.stale, state.now === lastOkMs]).toEqual([false, false]);
  });

  it('shows of a folded group its head, with how many are in which state', () => {
    const people = [
      agent({ location: 'SIP/1', state: 'busy', campaigns: ['A<-'] }),
      agent({ location: 'SIP/2', state: 'paused', campaigns: ['A<-'] }),
      agent({ location: 'SIP/3', state: 'busy', campaigns: ['B<-'] }),
    ];
    const rows = grouped(people, 'campaign', [], ['campaign A<-']);
    expect(rows.map((row) => row.key)).toEqual(['campaign A<-', 'campaign B<-', 'SIP/3']);
    expect(rows[0]).toMatchObject({
      folded: true,
      count: 2,
      states: [
        { state: 'paused', count: 1 },
        { state: 'busy', count: 1 },
      ],
    });
    // Folded in one way of putting people together, not in another.
    expect(grouped(people, 'state', [], ['campaign busy'])).toHaveLength(5);
    const { floor: state } = floor();
    state.foldGroup('campaign A<-');
    expect(viewFrom(JSON.parse(JSON.stringify(state.view))).folded).toEqual(['campaign A<-']);
    state.foldGroup('campaign A<-');
    expect(state.view.folded).toEqual([]);
  });
});
