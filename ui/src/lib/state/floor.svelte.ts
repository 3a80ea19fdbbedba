// The floor as the window holds it: snapshots and deltas go in, sorted and filtered rows come out.
import type {
  Agent,
  AgentState,
  Campaign,
  FloorUpdate,
  HalfHour,
  Health,
  Host,
  Snapshot,
  Team,
} from '../host/host';
import { NO_OUTLOOK } from '../campaign-columns';
import { fold, since } from '../format';
import { offsetMs } from '../past-time';
import type { Limits } from '../thresholds';
import type { OutlookOf } from './ahead.svelte';
import { clockTick } from './clock.svelte';
import {
  grouped,
  mainCampaign,
  peopleIn,
  pinnedFirst,
  sortCampaigns,
  SortedAgents,
  totals,
} from './floor-rows';
import { DEFAULT_VIEW, type FloorView } from './floor-view';
import { HeldOrder } from './held-order.svelte';
import { i18n, t } from './i18n.svelte';

const toggled = (list: string[], one: string): string[] =>
  list.includes(one) ? list.filter((other) => other !== one) : [...list, one];

export class FloorState {
  campaigns = $state.raw<Campaign[]>([]);
  agents = $state.raw<Agent[]>([]);
  health = $state.raw<Health | null>(null);
  live = $state(false);
  agentsReadAtMs = $state.raw<Record<string, number>>({});
  /** Campaigns whose agents could not be read the last time, with the code of why. */
  agentsUnread = $state.raw<Record<string, string>>({});

  /** Why a campaign's agents could not be read the last time, for people; nothing where they were. */
  unread(campaign: Campaign): string | null {
    const code = this.agentsUnread[campaign.name];
    if (code === undefined) return null;
    const why = i18n.problem({ code, params: { what: campaign.label }, retryable: true });
    return t('agents_unread', { campaign: campaign.label, why });
  }

  agentsEveryMs = $state(3000);
  /** A moment before now that is shown instead of it; the live figures are kept up meanwhile. */
  past = $state.raw<Snapshot | null>(null);
  /** The campaigns' figures are old: shown, greyed. */
  stale = $derived.by(
    () => !this.past && (this.health?.freshness === 'stale' || this.health?.freshness === 'lost'),
  );
  /** The moment what is shown is of. What nobody knows any more does not count on. */
  now = $derived.by(() => this.#stands ?? clockTick.now);
  /** The same for the agents, and for the totals: each is drawn in a frame of its own. */
  agentsNow = $derived.by(() => this.#stands ?? clockTick.agents);
  headNow = $derived.by(() => this.#stands ?? clockTick.head);
  /** Counts up when it is the totals' turn to be drawn with the figures that came. */
  headTurn = $state(0);
  /** The same for how many people are in which state. */
  statesTurn = $state(0);

  view = $state.raw<FloorView>(DEFAULT_VIEW);
  /** The person looked at, by location. */
  person = $state<string | null>(null);
  /** The campaign people are being added to, by name. */
  adding = $state<string | null>(null);
  /** Who was suggested for it, by location. */
  suggested: readonly string[] = [];
  /** The order rows keep while the pointer moves over their table. */
  readonly heldCampaigns = new HeldOrder<Campaign>(
    (row) => row.name,
    (row) => this.#red((limits) => limits.redCampaign(row, this.now, this.view.level)),
  );
  readonly heldAgents = new HeldOrder<Agent>(
    (row) => row.location,
    (row) => this.#red((limits) => this.#redAgent(row, limits)),
  );
  /** A moment that does not go on: one of the past, or of the last figures there are. */
  #stands = $derived.by(() => this.past?.atMs ?? (this.stale ? (this.health?.lastOkMs ?? null) : null));

  #revision = -1;
  readonly #sorted = new SortedAgents();
  #looked = '';
  #campaigns = new Map<string, Campaign>();
  #agents = new Map<string, Agent>();

  inbound = $derived(this.campaigns.filter((campaign) => campaign.direction === 'inbound').length);
  outbound = $derived(this.campaigns.length - this.inbound);
  /** One that is not there, or not any more, narrows nothing. */
  selectedCampaign = $derived(
    this.campaigns.find((campaign) => campaign.name === this.view.selected) ?? null,
  );

  campaignRows = $derived.by(() => {
    const { campaignSort, campaignDown, directions, level, pinned } = this.view;
    const wanted = fold(this.view.campaignSearch.trim());
    const rows = this.campaigns.filter(
      (campaign) =>
        (!directions.length || directions.includes(campaign.direction)) &&
        (!wanted || fold(campaign.label).includes(wanted)),
    );
    return this.heldCampaigns.order(
      pinnedFirst(
        sortCampaigns(rows, campaignSort, campaignDown, level, this.ahead),
        (row) => row.name,
        pinned,
      ),
    );
  });

  /** A search or a direction leaves campaigns out, also of the totals. */
  narrowed = $derived(this.campaignRows.length !== this.campaigns.length);
  /** Of the campaigns shown. */
  totals = $derived(totals(this.campaignRows, peopleIn(this.campaignRows, this.agents), this.view.level));

  /** Everybody of the campaign looked at, before the filters. */
  members = $derived.by(() => {
    const of = this.selectedCampaign?.name;
    // A team that is not there any more narrows nothing.
    const team = this.teams().find((one) => one.id === this.view.team);
    if (of === undefined && !team) return this.agents;
    const names = team && new Set(team.members);
    return this.agents.filter(
      (agent) =>
        (of === undefined || agent.campaigns.includes(of)) && (names === undefined || names.has(agent.name)),
    );
  });

  personShown = $derived(
    this.person === null ? null : (this.agents.find((agent) => agent.location === this.person) ?? null),
  );

  /** Whether something is open beside the tables, which can be closed. */
  opened = $derived(this.adding !== null || this.personShown !== null || this.selectedCampaign !== null);

  /** Closes what is open, the nearest first; false when nothing was. */
  close(): boolean {
    const { opened } = this;
    if (this.adding !== null) this.adding = null;
    else if (this.personShown !== null) this.person = null;
    else if (this.view.selected !== null) this.select(null);
    return opened;
  }

  counts = $derived.by(() => {
    const counts = new Map<AgentState, number>();
    for (const agent of this.members) counts.set(agent.state, (counts.get(agent.state) ?? 0) + 1);
    return counts;
  });

  agentRows = $derived.by(() => {
    const { states, hideOffline, agentSort, agentDown, pinnedAgents } = this.view;
    const wanted = fold(this.view.agentSearch.trim());
    const rows = this.members.filter((agent) => {
      if (states.length ? !states.includes(agent.state) : hideOffline && agent.state === 'offline')
        return false;
      return !wanted || fold(`${agent.name} ${agent.location} ${agent.pauseReason ?? ''}`).includes(wanted);
    });
    return this.heldAgents.order(
      pinnedFirst(this.#sorted.sorted(rows, agentSort, agentDown), (row) => row.location, pinnedAgents),
    );
  });

  agentList = $derived.by(() => grouped(this.agentRows, this.view.group, this.teams(), this.view.folded));

  /** How many campaigns' agents were read since the watch began, while it is not all of them: until then figures of people
   *  are of those read so far. */
  reading = $derived.by(() => {
    if (this.past) return null;
    const staffed = this.campaigns.filter((one) => one.totalAgents !== 0);
    const read = staffed.filter(({ name }) => name in this.agentsReadAtMs || name in this.agentsUnread);
    return read.length < staffed.length ? { some: read.length, all: staffed.length } : null;
  });

  /** The server's clock before coordinated universal time, milliseconds; this computer's while the server's is not known. */
  offset = $derived(offsetMs(this.health?.serverOffsetSecs, Date.now()));

  constructor(
    private readonly host: Host,
    /** Told of the view whenever it changed. */
    private readonly kept: (view: FloorView) => void = () => undefined,
    readonly teams: () => readonly Team[] = () => [],
    private readonly limits: () => Limits | null = () => null,
    readonly ahead: OutlookOf = NO_OUTLOOK,
  ) {}

  #red(red: (limits: Limits) => boolean): boolean {
    const limits = this.limits();
    return limits !== null && red(limits);
  }

  #redAgent(agent: Agent, limits: Limits): boolean {
    const wrapUp = this.#campaigns.get(agent.campaigns[0] ?? '')?.wrapUpSecs ?? null;
    return limits.inState(agent, since(agent.stateSinceMs, this.agentsNow), wrapUp) === 'bad';
  }

  async start(): Promise<void> {
    await this.host.stream('floor_watch', {}, (update) => this.take(update));
  }

  /** A gap in the revisions asks for a snapshot; until it comes, what is there stays. */
  take(update: FloorUpdate): void {
    // For whoever measures how long drawing takes.
    dispatchEvent(new CustomEvent('floor', { detail: update.kind }));
    clockTick.withFigures();
    if (update.kind === 'snapshot') {
      const { snapshot } = update;
      this.#revision = snapshot.revision;
      this.#campaigns = new Map(snapshot.campaigns.map((campaign) => [campaign.name, campaign]));
      this.#agents = new Map(snapshot.agents.map((agent) => [agent.location, agent]));
      this.agentsReadAtMs = snapshot.agentsReadAtMs;
      this.agentsUnread = snapshot.agentsUnread ?? {};
      this.agentsEveryMs = snapshot.agentsEveryMs;
      this.health = snapshot.health;
      this.#show(true, true);
      return;
    }
    const { delta } = update;
    if (delta.from !== this.#revision) {
      void this.host.ask('floor_resync', {});
      return;
    }
    this.#revision = delta.revision;
    for (const name of delta.campaignsGone) this.#campaigns.delete(name);
    for (const campaign of delta.campaigns) this.#campaigns.set(campaign.name, campaign);
    for (const location of delta.agentsGone) this.#agents.delete(location);
    for (const agent of delta.agents) this.#agents.set(agent.location, agent);
    const read: Record<string, number> = {};
    for (const [name, at] of Object.entries({ ...this.agentsReadAtMs, ...delta.agentsReadAtMs })) {
      if (at !== null) read[name] = at;
    }
    this.agentsReadAtMs = read;
    this.agentsUnread = delta.agentsUnread ?? {};
    this.agentsEveryMs = delta.agentsEveryMs;
    this.health = delta.health;
    this.#show(
      delta.campaigns.length + delta.campaignsGone.length > 0,
      delta.agents.length + delta.agentsGone.length > 0,
    );
  }

  /** Shows nothing until the next snapshot, which is asked for: the one of another session may have come already. */
  forget(): void {
    this.#revision = -1;
    [this.#campaigns, this.#agents] = [new Map(), new Map()];
    [this.agentsReadAtMs, this.agentsUnread, this.health] = [{}, {}, null];
    this.#show(true, true);
    this.host.ask('floor_resync', {}).catch(() => undefined);
  }

  /** Shows the floor as it was; null: as it is. */
  rewind(snapshot: Snapshot | null): void {
    this.past = snapshot;
    this.heldCampaigns.release();
    this.heldAgents.release();
    this.campaigns = snapshot?.campaigns ?? [...this.#campaigns.values()];
    this.agents = snapshot?.agents ?? [...this.#agents.values()];
  }

  #show(campaigns: boolean, agents: boolean): void {
    this.live = this.health?.lastOkMs != null;
    if (this.past) return;
    if (campaigns) this.campaigns = [...this.#campaigns.values()];
    clockTick.inTurn('agents', () => {
      if (agents && !this.past) this.agents = [...this.#agents.values()];
    });
    clockTick.inTurn('head', () => (this.headTurn += 1));
    clockTick.inTurn('states', () => (this.statesTurn += 1));
  }

  /** The age of an agent's row, judged against its own planned period. */
  staleAgent(agent: Agent, now: number): boolean {
    if (this.past) return false;
    const read = agent.campaigns.map((name) => this.agentsReadAtMs[name] ?? 0);
    const newest = Math.max(0, ...read);
    return newest > 0 && now - newest > 2 * this.agentsEveryMs + 2000;
  }

  /** Looks at the floor in another way, and keeps it so. */
  keep(parts: Partial<FloorView>): void {
    this.view = { ...this.view, ...parts };
    this.kept(this.view);
  }

  /** Opens adding people to a campaign, with those suggested chosen. */
  add(name: string, suggested: readonly string[] = []): void {
    this.suggested = suggested;
    this.adding = name;
  }

  select(name: string | null): void {
    this.keep({ selected: name });
  }

  /** Puts a campaign first, or not any more. */
  pinCampaign(name: string): void {
    this.heldCampaigns.release();
    this.keep({ pinned: toggled(this.view.pinned, name) });
  }

  /** Shows of a group its head alone, or everybody again. */
  foldGroup(key: string): void {
    this.keep({ folded: toggled(this.view.folded, key) });
  }

  /** Puts a person first, or not any more. */
  pinAgent(location: string): void {
    this.heldAgents.release();
    this.keep({ pinnedAgents: toggled(this.view.pinnedAgents, location) });
  }

  /** A campaign's half hours since the watch began, oldest first. */
  halfHours(campaign: string): Promise<HalfHour[]> {
    return this.host.ask('floor_half_hours', { campaign });
  }

  /** Whose agents are on the screen: they are read first. */
  look(agents: Agent[]): void {
    if (this.past) return;
    const names = new Set(agents.map(mainCampaign));
    if (this.selectedCampaign) names.add(this.selectedCampaign.name);
    this.show([...names].filter((name) => name !== null));
  }

  /** Whose campaigns are on the screen. */
  show(names: string[]): void {
    const campaigns = [...names].sort();
    const looked = campaigns.join('\n');
    if (looked === this.#looked) return;
    this.#looked = looked;
    this.host.ask('floor_visible', { campaigns }).catch(() => (this.#looked = ''));
  }
}
